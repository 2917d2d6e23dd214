/**
 * What takes webhooks where a program around listens. In: the parts of a runtime. Out: the handler that the program mounts;
 * its end takes nothing new, and waits for what has begun.
 */
import { createWebhookHandler, type WebhookHandler } from '../ingress/webhook-handler.ts';
import type { Front } from './front.ts';
import { type IngressParts, ingressDeps } from './serve-ingress.ts';

export interface EmbeddedFront extends Front {
  readonly handle: WebhookHandler;
}

export function embedIngress(parts: IngressParts): EmbeddedFront {
  let isOpen = true;
  const running = new Set<Promise<void>>();
  const webhooks = createWebhookHandler(ingressDeps({ ...parts, isOpen: () => isOpen }));
  return {
    url: '',
    running: () => (isOpen ? 1 : 0),
    distribute: async () => {},
    flows: () => [],
    tellWell: () => {},
    metrics: async () => [],
    handle(message, response, next) {
      const handling = webhooks(message, response, next).finally(() => running.delete(handling));
      running.add(handling);
      return handling;
    },
    async stop(graceMs) {
      isOpen = false;
      const { promise: over, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, graceMs);
      await Promise.race([Promise.all(running), over]);
      clearTimeout(timer);
    },
  };
}
