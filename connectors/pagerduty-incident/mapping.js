// @ts-check
// High urgency wakes people up: it comes first and does not expire before the incident could be over.
const URGENT = { priority: 1, expiresInterval: 'PT12H' };
const CALM = { priority: 6, expiresInterval: 'P3D' };

/** @type {import('./mapping.types.d.ts').Mapping} */
export default function map(request) {
  const incident = request.body.event.data;
  if (incident.assignees.length === 0) return null;
  const names = incident.assignees.map((assignee) => assignee.summary);
  return {
    targetUserIds: incident.assignees.map((assignee) => assignee.id),
    cardOptions: incident.urgency === 'high' ? URGENT : CALM,
    variables: {
      title: incident.title,
      number: incident.number,
      service: incident.service.summary,
      assigned: names.length > 2 ? `${names[0]} and ${names.length - 1} others` : names.join(' and '),
      url: incident.html_url,
    },
    metadata: { source: 'pagerduty', kind: request.body.event.event_type },
  };
}
