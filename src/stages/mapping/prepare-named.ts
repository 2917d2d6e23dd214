/**
 * `values`, the compiler's half: named expressions in, their plans and what expressions may use out. Each is prepared when
 * something first uses it, so that one may use another; a circle is reported.
 */
import { quote } from '../../diagnostics/printable.ts';
import { isJsonObject } from '../json/json-value.ts';
import type { ExpressionPlan } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import { prepareExpression } from './prepare-expression.ts';
import type { PreparedExpression, Surroundings } from './prepared.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

export interface PreparedNamed {
  /** null when something was reported. */
  readonly plans: Readonly<Record<string, ExpressionPlan>> | null;
  readonly around: Surroundings;
}

export function prepareNamed(
  spec: unknown,
  pointer: string,
  report: Report,
  isBatch: boolean,
): PreparedNamed {
  const specs = isJsonObject(spec) ? spec : {};
  const prepared = new Map<string, PreparedExpression | null>();
  const open: string[] = [];
  const named = (name: string): PreparedExpression | null | undefined => {
    if (!Object.hasOwn(specs, name)) return undefined;
    const known = prepared.get(name);
    if (known !== undefined) return known;
    const place = pointerTo(pointer, name);
    if (open.includes(name)) {
      const circle = [...open.slice(open.indexOf(name)), name].join(' -> ');
      report({
        code: 'expression-invalid',
        pointer: place,
        message: `the values use each other in a circle: ${circle}`,
      });
      prepared.set(name, null);
      return null;
    }
    open.push(name);
    const found = prepareExpression(specs[name], place, report, around);
    open.pop();
    if (!prepared.has(name)) prepared.set(name, found);
    return prepared.get(name) ?? null;
  };
  const around: Surroundings = { named, names: Object.keys(specs), isBatch };
  for (const name of Object.keys(specs)) {
    if (NAME.test(name)) named(name);
    else {
      const message = `${quote(name)} is not a name that a template can use; write letters, digits, _ and -`;
      report({ code: 'expression-invalid', pointer: pointerTo(pointer, name), message });
      prepared.set(name, null);
    }
  }
  const entries = [...prepared].map(([name, one]) => [name, one?.plan] as const);
  const isRight = entries.every(([, plan]) => plan !== undefined);
  return { plans: isRight ? (Object.fromEntries(entries) as Record<string, ExpressionPlan>) : null, around };
}
