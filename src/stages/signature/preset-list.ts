// Made by "npm run generate" from the files of presets/: do not edit.
import type { SignaturePreset } from './preset.ts';
import { adobeIo } from './presets/adobe-io.ts';
import { adyenPlatform } from './presets/adyen-platform.ts';
import { adyenStandard } from './presets/adyen-standard.ts';
import { airtable } from './presets/airtable.ts';
import { alertmanager } from './presets/alertmanager.ts';
import { amazonSns } from './presets/amazon-sns.ts';
import { asana } from './presets/asana.ts';
import { atlassianConnect } from './presets/atlassian-connect.ts';
import { auth0 } from './presets/auth0.ts';
import { azureDevops } from './presets/azure-devops.ts';
import { azureEventGrid } from './presets/azure-event-grid.ts';
import { bigcommerce } from './presets/bigcommerce.ts';
import { bitbucket } from './presets/bitbucket.ts';
import { box } from './presets/box.ts';
import { braintree } from './presets/braintree.ts';
import { braze } from './presets/braze.ts';
import { brevo } from './presets/brevo.ts';
import { buildkite } from './presets/buildkite.ts';
import { calCom } from './presets/cal-com.ts';
import { calendly } from './presets/calendly.ts';
import { chargebee } from './presets/chargebee.ts';
import { checkoutCom } from './presets/checkout-com.ts';
import { circleci } from './presets/circleci.ts';
import { clerk } from './presets/clerk.ts';
import { cloudevents } from './presets/cloudevents.ts';
import { coinbaseCommerce } from './presets/coinbase-commerce.ts';
import { contentful } from './presets/contentful.ts';
import { customerio } from './presets/customerio.ts';
import { datadog } from './presets/datadog.ts';
import { discord } from './presets/discord.ts';
import { docusign } from './presets/docusign.ts';
import { dropbox } from './presets/dropbox.ts';
import { dropboxSign } from './presets/dropbox-sign.ts';
import { flutterwave } from './presets/flutterwave.ts';
import { flutterwaveV4 } from './presets/flutterwave-v4.ts';
import { front } from './presets/front.ts';
import { gitea } from './presets/gitea.ts';
import { github } from './presets/github.ts';
import { gitlab } from './presets/gitlab.ts';
import { gitlabToken } from './presets/gitlab-token.ts';
import { gocardless } from './presets/gocardless.ts';
import { googleCalendar } from './presets/google-calendar.ts';
import { googleChat } from './presets/google-chat.ts';
import { googlePubsub } from './presets/google-pubsub.ts';
import { grafana } from './presets/grafana.ts';
import { helpScout } from './presets/help-scout.ts';
import { heroku } from './presets/heroku.ts';
import { hubspotV1 } from './presets/hubspot-v1.ts';
import { hubspotV2 } from './presets/hubspot-v2.ts';
import { hubspotV3 } from './presets/hubspot-v3.ts';
import { intercom } from './presets/intercom.ts';
import { iterable } from './presets/iterable.ts';
import { jira } from './presets/jira.ts';
import { lemonSqueezy } from './presets/lemon-squeezy.ts';
import { line } from './presets/line.ts';
import { linear } from './presets/linear.ts';
import { mailgun } from './presets/mailgun.ts';
import { mailgunRoutes } from './presets/mailgun-routes.ts';
import { mailjet } from './presets/mailjet.ts';
import { mandrill } from './presets/mandrill.ts';
import { mercadoPago } from './presets/mercado-pago.ts';
import { meta } from './presets/meta.ts';
import { microsoftGraph } from './presets/microsoft-graph.ts';
import { midtrans } from './presets/midtrans.ts';
import { mollie } from './presets/mollie.ts';
import { mux } from './presets/mux.ts';
import { netlify } from './presets/netlify.ts';
import { notion } from './presets/notion.ts';
import { okta } from './presets/okta.ts';
import { paddle } from './presets/paddle.ts';
import { pagerduty } from './presets/pagerduty.ts';
import { paystack } from './presets/paystack.ts';
import { plaid } from './presets/plaid.ts';
import { plivo } from './presets/plivo.ts';
import { polar } from './presets/polar.ts';
import { postmark } from './presets/postmark.ts';
import { quickbooks } from './presets/quickbooks.ts';
import { razorpay } from './presets/razorpay.ts';
import { recurly } from './presets/recurly.ts';
import { resend } from './presets/resend.ts';
import { salesforceFlow } from './presets/salesforce-flow.ts';
import { salesforceMarketingCloud } from './presets/salesforce-marketing-cloud.ts';
import { sanity } from './presets/sanity.ts';
import { segment } from './presets/segment.ts';
import { sendgrid } from './presets/sendgrid.ts';
import { sentry } from './presets/sentry.ts';
import { servicenow } from './presets/servicenow.ts';
import { shopify } from './presets/shopify.ts';
import { slack } from './presets/slack.ts';
import { smartsheet } from './presets/smartsheet.ts';
import { square } from './presets/square.ts';
import { standardWebhooks } from './presets/standard-webhooks.ts';
import { stripe } from './presets/stripe.ts';
import { supabase } from './presets/supabase.ts';
import { surveymonkey } from './presets/surveymonkey.ts';
import { svix } from './presets/svix.ts';
import { tally } from './presets/tally.ts';
import { teams } from './presets/teams.ts';
import { telegram } from './presets/telegram.ts';
import { telnyx } from './presets/telnyx.ts';
import { travisCi } from './presets/travis-ci.ts';
import { trello } from './presets/trello.ts';
import { twilio } from './presets/twilio.ts';
import { twilioJson } from './presets/twilio-json.ts';
import { twitch } from './presets/twitch.ts';
import { typeform } from './presets/typeform.ts';
import { vercel } from './presets/vercel.ts';
import { vonage } from './presets/vonage.ts';
import { webflow } from './presets/webflow.ts';
import { wise } from './presets/wise.ts';
import { woocommerce } from './presets/woocommerce.ts';
import { xendit } from './presets/xendit.ts';
import { xero } from './presets/xero.ts';
import { zendesk } from './presets/zendesk.ts';
import { zoom } from './presets/zoom.ts';

/** Every preset, in the order of their names. */
export const ALL_PRESETS: readonly SignaturePreset[] = [
  adobeIo,
  adyenPlatform,
  adyenStandard,
  airtable,
  alertmanager,
  amazonSns,
  asana,
  atlassianConnect,
  auth0,
  azureDevops,
  azureEventGrid,
  bigcommerce,
  bitbucket,
  box,
  braintree,
  braze,
  brevo,
  buildkite,
  calCom,
  calendly,
  chargebee,
  checkoutCom,
  circleci,
  clerk,
  cloudevents,
  coinbaseCommerce,
  contentful,
  customerio,
  datadog,
  discord,
  docusign,
  dropbox,
  dropboxSign,
  flutterwave,
  flutterwaveV4,
  front,
  gitea,
  github,
  gitlab,
  gitlabToken,
  gocardless,
  googleCalendar,
  googleChat,
  googlePubsub,
  grafana,
  helpScout,
  heroku,
  hubspotV1,
  hubspotV2,
  hubspotV3,
  intercom,
  iterable,
  jira,
  lemonSqueezy,
  line,
  linear,
  mailgun,
  mailgunRoutes,
  mailjet,
  mandrill,
  mercadoPago,
  meta,
  microsoftGraph,
  midtrans,
  mollie,
  mux,
  netlify,
  notion,
  okta,
  paddle,
  pagerduty,
  paystack,
  plaid,
  plivo,
  polar,
  postmark,
  quickbooks,
  razorpay,
  recurly,
  resend,
  salesforceFlow,
  salesforceMarketingCloud,
  sanity,
  segment,
  sendgrid,
  sentry,
  servicenow,
  shopify,
  slack,
  smartsheet,
  square,
  standardWebhooks,
  stripe,
  supabase,
  surveymonkey,
  svix,
  tally,
  teams,
  telegram,
  telnyx,
  travisCi,
  trello,
  twilio,
  twilioJson,
  twitch,
  typeform,
  vercel,
  vonage,
  webflow,
  wise,
  woocommerce,
  xendit,
  xero,
  zendesk,
  zoom,
];
