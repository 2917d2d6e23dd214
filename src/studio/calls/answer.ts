/** What a call comes to: its answer, or why not. */
import type { Refusal } from '../api.ts';

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

export function answered<T>(value: T): Answer<T> {
  return { ok: true, value };
}

export function refused(status: number, detail: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { status, detail } };
}
