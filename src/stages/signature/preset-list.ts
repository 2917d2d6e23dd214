// Made by "npm run generate" from the files of presets/: do not edit.
import type { SignaturePreset } from './preset.ts';
import { adyenPlatform } from './presets/adyen-platform.ts';
import { adyenStandard } from './presets/adyen-standard.ts';
import { asana } from './presets/asana.ts';
import { auth0 } from './presets/auth0.ts';
import { azureEventGrid } from './presets/azure-event-grid.ts';
import { bitbucket } from './presets/bitbucket.ts';
import { calendly } from './presets/calendly.ts';
import { cloudevents } from './presets/cloudevents.ts';
import { customerio } from './presets/customerio.ts';
import { discord } from './presets/discord.ts';
import { docusign } from './presets/docusign.ts';
import { dropbox } from './presets/dropbox.ts';
import { github } from './presets/github.ts';
import { gitlab } from './presets/gitlab.ts';
import { gitlabToken } from './presets/gitlab-token.ts';
import { hubspotV1 } from './presets/hubspot-v1.ts';
import { hubspotV2 } from './presets/hubspot-v2.ts';
import { hubspotV3 } from './presets/hubspot-v3.ts';
import { intercom } from './presets/intercom.ts';
import { jira } from './presets/jira.ts';
import { line } from './presets/line.ts';
import { linear } from './presets/linear.ts';
import { mailgun } from './presets/mailgun.ts';
import { mandrill } from './presets/mandrill.ts';
import { meta } from './presets/meta.ts';
import { notion } from './presets/notion.ts';
import { okta } from './presets/okta.ts';
import { paddle } from './presets/paddle.ts';
import { pagerduty } from './presets/pagerduty.ts';
import { salesforceMarketingCloud } from './presets/salesforce-marketing-cloud.ts';
import { segment } from './presets/segment.ts';
import { sendgrid } from './presets/sendgrid.ts';
import { shopify } from './presets/shopify.ts';
import { slack } from './presets/slack.ts';
import { square } from './presets/square.ts';
import { standardWebhooks } from './presets/standard-webhooks.ts';
import { stripe } from './presets/stripe.ts';
import { svix } from './presets/svix.ts';
import { trello } from './presets/trello.ts';
import { twilio } from './presets/twilio.ts';
import { twilioJson } from './presets/twilio-json.ts';
import { typeform } from './presets/typeform.ts';
import { webflow } from './presets/webflow.ts';
import { woocommerce } from './presets/woocommerce.ts';
import { xero } from './presets/xero.ts';
import { zendesk } from './presets/zendesk.ts';
import { zoom } from './presets/zoom.ts';

/** Every preset, in the order of their names. */
export const ALL_PRESETS: readonly SignaturePreset[] = [
  adyenPlatform,
  adyenStandard,
  asana,
  auth0,
  azureEventGrid,
  bitbucket,
  calendly,
  cloudevents,
  customerio,
  discord,
  docusign,
  dropbox,
  github,
  gitlab,
  gitlabToken,
  hubspotV1,
  hubspotV2,
  hubspotV3,
  intercom,
  jira,
  line,
  linear,
  mailgun,
  mandrill,
  meta,
  notion,
  okta,
  paddle,
  pagerduty,
  salesforceMarketingCloud,
  segment,
  sendgrid,
  shopify,
  slack,
  square,
  standardWebhooks,
  stripe,
  svix,
  trello,
  twilio,
  twilioJson,
  typeform,
  webflow,
  woocommerce,
  xero,
  zendesk,
  zoom,
];
