// Written by "sluice types pagerduty-incident", from the samples of the connector; do not edit.

/** What maps a request: a trigger, or null to ignore it. An error holds the request, with its message. */
export type Mapping = (request: Request) => Trigger | null | Promise<Trigger | null>;

export interface Request {
  /** The body, as the samples have it. */
  body: Body;
  /** By lower-case name; without those that carry credentials. */
  headers: { [name: string]: string | undefined };
  method: 'POST' | 'PUT';
  /** When it was received, ISO 8601; `new Date()` is the same time. */
  receivedAt: string;
}

export type Body = {
  event: {
    agent: {
      html_url: string;
      id: string;
      summary: string;
      type: string;
    } | null;
    client: unknown;
    data: {
      assignees: Array<{
        id: string;
        summary: string;
        type: string;
      }>;
      conference_bridge: unknown;
      created_at: string;
      html_url: string;
      id: string;
      incident_key: string;
      number: number;
      priority: {
        id: string;
        summary: string;
        type: string;
      } | null;
      resolve_reason: unknown;
      service: {
        id: string;
        summary: string;
        type: string;
      };
      status: string;
      title: string;
      type: string;
      urgency: string;
    };
    event_type: string;
    id: string;
    occurred_at: string;
    resource_type: string;
  };
};

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
