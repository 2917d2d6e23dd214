// Generated from schemas/trigger.schema.json by scripts/generate.ts; do not edit.

/**
 * What a mapping must produce: one start of an Action Flow.
 */
export interface Trigger {
  /**
   * Ids of the users who get the card.
   */
  targetUserIds: string[];
  cardOptions?: CardOptions;
  /**
   * Idempotency key: the same id starts the flow once.
   */
  flowInvocationId?: string;
  /**
   * Values of the variables used within the Action Flow.
   */
  variables?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Details of the push notification.
   */
  notificationDetail?: {
    [k: string]: unknown;
  };
  /**
   * Free metadata that is passed on with the flow.
   */
  metadata?: {
    [k: string]: unknown;
  };
}
/**
 * How the card is shown and for how long.
 */
export interface CardOptions {
  /**
   * 1 (highest) to 10.
   */
  priority?: number;
  /**
   * When the card expires, ISO 8601.
   */
  expires?: string;
  /**
   * How long until the card expires, an ISO 8601 duration.
   */
  expiresInterval?: string;
  /**
   * The card is not shown before this time, ISO 8601.
   */
  embargo?: string;
  /**
   * Platforms on which the card is shown, as the Action Flow API names them.
   */
  targetPlatforms?: string[];
  /**
   * Stream containers that get the card.
   */
  targetStreamIds?: string[];
}
