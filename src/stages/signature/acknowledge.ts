/** How a request is answered that was delivered, held or ignored: what the file says in, the plan out. */
import type { Acknowledge } from '../../generated/connector.ts';
import type { AcknowledgePlan } from '../plans.ts';

export function prepareAcknowledge(spec: Acknowledge): AcknowledgePlan {
  if (typeof spec === 'number') return spec;
  const { status = 200, type = 'text/plain', text } = spec;
  return { status, type, text };
}
