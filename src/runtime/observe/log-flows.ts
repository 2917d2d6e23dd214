/** In: changes of flows. Out: a line in the log when one begins or ends to fail, with what the target said last. */
import type { DeliveryRoom } from '../delivery/delivery-room.ts';
import type { Log } from '../log/log.ts';

export function logFlows(room: DeliveryRoom, log: Log): void {
  room.subscribe(({ target, flow, state, requests, holds }) => {
    const reason = (holds.last ?? requests.last)?.reason;
    if (state === 'well') log.info({ target, flow }, 'a flow takes triggers again');
    else
      log.warn(
        { target, flow, state, reason },
        'a flow does not take triggers: they are held and sent later',
      );
  });
}
