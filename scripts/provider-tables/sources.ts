// The packages that say which members of a provider's payloads may be missing: one row a preset. Only packages under a free
// licence, and only those that tell members apart: Square's types, for one, call everything optional.

interface Source {
  /** The preset, and the folder of its data. */
  readonly preset: string;
  /** Where a request says which event it is; as in the table. */
  readonly named: readonly string[];
  /** As npm installs it. */
  readonly package: string;
  readonly version: string;
  readonly license: string;
  /** A file of the package that is a JSON schema; or the text of a file that exports the type `Events`. */
  readonly schema?: string;
  readonly entry?: string;
}

/** The payloads of a union by one of their members. */
const BY = `type Holding<U, K extends string, V> = U extends { [P in K]?: infer T } ? (V extends T ? U : never) : never;
type By<U, K extends string> = U extends { [P in K]?: infer T } ? T & string : never;
`;
const byType = (union: string): string =>
  `${BY}export type Events = { [V in By<${union}, 'type'>]: Holding<${union}, 'type', V> };\n`;

export const SOURCES: readonly Source[] = [
  {
    preset: 'github',
    named: ['x-github-event', '$.action'],
    package: '@octokit/webhooks-schemas',
    version: '7.6.1',
    license: 'MIT',
    schema: 'schema.json',
  },
  {
    preset: 'stripe',
    named: ['$.type'],
    package: 'stripe',
    version: '23.1.0',
    license: 'MIT',
    entry: `import type { Stripe } from 'stripe';\n${byType('Stripe.Event')}`,
  },
  {
    preset: 'linear',
    named: ['$.type'],
    package: '@linear/sdk',
    version: '98.0.0',
    license: 'MIT',
    entry: `import type * as L from '@linear/sdk/webhooks';
export interface Events {
  Attachment: L.EntityWebhookPayloadWithAttachmentData;
  Comment: L.EntityWebhookPayloadWithCommentData;
  Customer: L.EntityWebhookPayloadWithCustomerData;
  CustomerNeed: L.EntityWebhookPayloadWithCustomerNeedData;
  Cycle: L.EntityWebhookPayloadWithCycleData;
  Document: L.EntityWebhookPayloadWithDocumentData;
  Initiative: L.EntityWebhookPayloadWithInitiativeData;
  InitiativeUpdate: L.EntityWebhookPayloadWithInitiativeUpdateData;
  Issue: L.EntityWebhookPayloadWithIssueData;
  IssueLabel: L.EntityWebhookPayloadWithIssueLabelData;
  IssueSLA: L.IssueSlaWebhookPayload;
  Project: L.EntityWebhookPayloadWithProjectData;
  ProjectUpdate: L.EntityWebhookPayloadWithProjectUpdateData;
  Reaction: L.EntityWebhookPayloadWithReactionData;
  User: L.EntityWebhookPayloadWithUserData;
}
`,
  },
  {
    preset: 'adyen-standard',
    named: ['$.notificationItems[*].NotificationRequestItem.eventCode'],
    package: '@adyen/api-library',
    version: '32.1.0',
    license: 'MIT',
    entry: `import type { NotificationRequestItem } from '@adyen/api-library/lib/src/typings/notification/notificationRequestItem';
type Item = { [K in keyof NotificationRequestItem]: NotificationRequestItem[K] };
export type Events = {
  [V in \`\${NotificationRequestItem.EventCodeEnum}\`]: {
    live: string;
    notificationItems: { NotificationRequestItem: Item }[];
  };
};
`,
  },
  {
    preset: 'adyen-platform',
    named: ['$.type'],
    package: '@adyen/api-library',
    version: '32.1.0',
    license: 'MIT',
    entry: `import type * as C from '@adyen/api-library/lib/src/typings/configurationWebhooks/models';
import type * as T from '@adyen/api-library/lib/src/typings/transferWebhooks/models';
import type * as R from '@adyen/api-library/lib/src/typings/reportWebhooks/models';
import type * as X from '@adyen/api-library/lib/src/typings/transactionWebhooks/models';
export interface Events {
  'balancePlatform.accountHolder.created': C.AccountHolderNotificationRequest;
  'balancePlatform.accountHolder.updated': C.AccountHolderNotificationRequest;
  'balancePlatform.balanceAccount.created': C.BalanceAccountNotificationRequest;
  'balancePlatform.balanceAccount.updated': C.BalanceAccountNotificationRequest;
  'balancePlatform.paymentInstrument.created': C.PaymentNotificationRequest;
  'balancePlatform.paymentInstrument.updated': C.PaymentNotificationRequest;
  'balancePlatform.transfer.created': T.TransferNotificationRequest;
  'balancePlatform.transfer.updated': T.TransferNotificationRequest;
  'balancePlatform.report.created': R.ReportNotificationRequest;
  'balancePlatform.transaction.created': X.TransactionNotificationRequestV4;
}
`,
  },
  {
    preset: 'slack',
    named: ['$.event.type'],
    package: '@slack/types',
    version: '3.2.0',
    license: 'MIT',
    // The envelope is that of the Events API's documentation; the package has the events alone.
    entry: `import type { SlackEvent } from '@slack/types';
${BY}export type Events = {
  [V in By<SlackEvent, 'type'>]: {
    token: string; team_id: string; api_app_id: string; type: string; event_id: string; event_time: number;
    event: Holding<SlackEvent, 'type', V>;
  };
};
`,
  },
  {
    preset: 'gitlab',
    named: ['$.object_kind'],
    package: '@gitbeaker/core',
    version: '43.8.0',
    license: 'MIT',
    entry: `import type * as G from '@gitbeaker/core';
export interface Events {
  build: G.WebhookJobEventSchema;
  deployment: G.WebhookDeploymentEventSchema;
  emoji: G.WebhookEmojiEventSchema;
  feature_flag: G.WebhookFeatureFlagEventSchema;
  issue: G.WebhookIssueEventSchema;
  merge_request: G.WebhookMergeRequestEventSchema;
  note: G.WebhookCommitNoteEventSchema | G.WebhookMergeRequestNoteEventSchema | G.WebhookIssueNoteEventSchema
    | G.WebhookSnippetNoteEventSchema;
  pipeline: G.WebhookPipelineEventSchema;
  push: G.WebhookPushEventSchema;
  release: G.WebhookReleaseEventSchema;
  tag_push: G.WebhookTagEventSchema;
  wiki_page: G.WebhookWikiEventSchema;
}
`,
  },
  {
    preset: 'telegram',
    named: ['members'],
    package: '@grammyjs/types',
    version: '5.0.0',
    license: 'MIT',
    entry: `import type { Update } from '@grammyjs/types';
type Flat<T> = { [K in keyof T]: T[K] };
export type Events = {
  [K in Exclude<keyof Update, 'update_id'>]: { update_id: number } & { [P in K]-?: NonNullable<Update[P]> };
};
`,
  },
  {
    preset: 'line',
    named: ['$.events[*].type'],
    package: '@line/bot-sdk',
    version: '11.2.0',
    license: 'Apache-2.0',
    entry: `import type { webhook } from '@line/bot-sdk';
${BY}type One = webhook.Event;
export type Events = {
  [V in By<One, 'type'>]: { destination: string; events: Holding<One, 'type', V>[] };
};
`,
  },
  {
    preset: 'paddle',
    named: ['$.event_type'],
    package: '@paddle/paddle-node-sdk',
    version: '3.10.0',
    license: 'Apache-2.0',
    entry: `import type { IEvents } from '../node_modules/@paddle/paddle-node-sdk/dist/types/types/events/events-response';
${BY}export type Events = {
  [V in \`\${By<IEvents, 'event_type'>}\`]: IEvents extends infer U ? (U extends { event_type: infer T } ? (V extends \`\${T & string}\` ? U : never) : never) : never;
};
`,
  },
  {
    preset: 'mux',
    named: ['$.type'],
    package: '@mux/mux-node',
    version: '15.3.0',
    license: 'Apache-2.0',
    entry: `import type { UnwrapWebhookEvent } from '@mux/mux-node/resources/webhooks/webhooks';\n${byType('UnwrapWebhookEvent')}`,
  },
  {
    preset: 'resend',
    named: ['$.type'],
    package: 'resend',
    version: '6.38.0',
    license: 'MIT',
    entry: `import type { WebhookEventPayload } from 'resend';\n${byType('WebhookEventPayload')}`,
  },
  {
    preset: 'clerk',
    named: ['$.type'],
    package: '@clerk/backend',
    version: '3.25.0',
    license: 'MIT',
    entry: `import type { WebhookEvent } from '@clerk/backend';\n${byType('WebhookEvent')}`,
  },
  {
    preset: 'azure-event-grid',
    named: ['$[*].eventType'],
    package: '@azure/eventgrid',
    version: '5.12.0',
    license: 'MIT',
    // Events come as a list.
    entry: `import type { SystemEventNameToEventData } from '@azure/eventgrid';
export type Events = {
  [V in keyof SystemEventNameToEventData]: {
    id: string; topic: string; subject: string; eventType: string; eventTime: string; dataVersion: string;
    metadataVersion: string; data: SystemEventNameToEventData[V];
  }[];
};
`,
  },
  {
    preset: 'plaid',
    named: ['$.webhook_type', '$.webhook_code'],
    package: 'plaid',
    version: '47.0.0',
    license: 'MIT',
    entry: `import type * as P from 'plaid';
export interface Events {
  'ASSETS.ERROR': P.AssetsErrorWebhook;
  'ASSETS.PRODUCT_READY': P.AssetsProductReadyWebhook;
  'AUTH.AUTOMATICALLY_VERIFIED': P.AutomaticallyVerifiedWebhook;
  'AUTH.DEFAULT_UPDATE': P.AuthDefaultUpdateWebhook;
  'HOLDINGS.DEFAULT_UPDATE': P.HoldingsDefaultUpdateWebhook;
  'IDENTITY.DEFAULT_UPDATE': P.IdentityDefaultUpdateWebhook;
  'IDENTITY_VERIFICATION.STATUS_UPDATED': P.IdentityVerificationStatusUpdatedWebhook;
  'INVESTMENTS_TRANSACTIONS.DEFAULT_UPDATE': P.InvestmentsDefaultUpdateWebhook;
  'ITEM.ERROR': P.ItemErrorWebhook;
  'ITEM.LOGIN_REPAIRED': P.ItemLoginRepairedWebhook;
  'ITEM.NEW_ACCOUNTS_AVAILABLE': P.NewAccountsAvailableWebhook;
  'ITEM.PENDING_DISCONNECT': P.PendingDisconnectWebhook;
  'ITEM.PENDING_EXPIRATION': P.PendingExpirationWebhook;
  'LIABILITIES.DEFAULT_UPDATE': P.LiabilitiesDefaultUpdateWebhook;
  'LINK.SESSION_FINISHED': P.LinkSessionFinishedWebhook;
  'PAYMENT_INITIATION.PAYMENT_STATUS_UPDATE': P.PaymentStatusUpdateWebhook;
  'TRANSACTIONS.DEFAULT_UPDATE': P.DefaultUpdateWebhook;
  'TRANSACTIONS.HISTORICAL_UPDATE': P.HistoricalUpdateWebhook;
  'TRANSACTIONS.INITIAL_UPDATE': P.InitialUpdateWebhook;
  'TRANSACTIONS.RECURRING_TRANSACTIONS_UPDATE': P.RecurringTransactionsUpdateWebhook;
  'TRANSACTIONS.SYNC_UPDATES_AVAILABLE': P.SyncUpdatesAvailableWebhook;
  'TRANSACTIONS.TRANSACTIONS_REMOVED': P.TransactionsRemovedWebhook;
  'TRANSFER.TRANSFER_EVENTS_UPDATE': P.TransferEventsUpdateWebhook;
}
`,
  },
  {
    preset: 'telnyx',
    named: ['$.data.event_type'],
    package: 'telnyx',
    version: '7.24.0',
    license: 'Apache-2.0',
    entry: `import type { UnwrapWebhookEvent as U } from 'telnyx/resources/webhooks';
type TypeOf<T> = T extends { data?: { event_type?: infer E } } ? E & string : never;
type Having<T, V> = T extends { data?: { event_type?: infer E } } ? (V extends E ? T : never) : never;
export type Events = { [V in TypeOf<U>]: Having<U, V> };
`,
  },
];
