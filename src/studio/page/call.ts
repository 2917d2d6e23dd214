/** Calls of the server. In: a call's name and body. Out: its answer, or a sentence that says why there is none. */
import { signal } from '@preact/signals';
import type { Api, Call, Refusal } from '../api.ts';
import { forgetToken, takeToken } from './session.ts';

/** null: nothing can be asked until somebody opens the printed address. */
export const token = signal(takeToken());
/** False while the server does not answer. */
export const isReachable = signal(true);

export type Called<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly status: number; readonly detail: string };

export async function call<Name extends Call>(
  name: Name,
  body: Api[Name]['body'],
  signalToStop?: AbortSignal,
): Promise<Called<Api[Name]['answer']>> {
  try {
    const response = await fetch(`/studio/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token.value ?? ''}` },
      body: JSON.stringify(body),
      ...(signalToStop === undefined ? {} : { signal: signalToStop }),
    });
    isReachable.value = true;
    if (response.ok) return { ok: true, value: await response.json() };
    if (response.status === 401) {
      forgetToken();
      token.value = null;
    }
    const { status, detail } = (await response.json()) as Refusal;
    return { ok: false, status, detail };
  } catch (error) {
    if (signalToStop?.aborted !== true) isReachable.value = false;
    return { ok: false, status: 0, detail: `the server does not answer: ${(error as Error).message}` };
  }
}
