/**
 * Filling in a template: a plan in, a function from a request to the text out. What is missing takes the next alternative;
 * with none the whole template is missing, or fails: half a sentence is worse than none.
 */
import type { ExpressionPlan } from '../plans.ts';
import { toText } from './convert-value.ts';
import { describePaths } from './describe-source.ts';
import { compileScoped, Failed, type Found, isPresent, Many, MISSING, type Scope } from './scope.ts';
import type { Read } from './source.ts';

type Plan = Extract<ExpressionPlan, { kind: 'template' }>;
type Fill = Exclude<Plan['parts'][number], string>;

export function compileTemplate(plan: Plan): Read {
  const hasDefault = 'default' in plan;
  const parts = plan.parts.map((part) => (typeof part === 'string' ? part : compileFill(part, hasDefault)));
  return (scope) => {
    let text = '';
    for (const part of parts) {
      const filled = typeof part === 'string' ? part : part(scope);
      if (typeof filled !== 'string') return filled;
      text += filled;
    }
    return text;
  };
}

/** Gives the text to fill in, or what the whole template then results in. */
function compileFill(fill: Fill, hasDefault: boolean): (scope: Scope) => string | Failed | typeof MISSING {
  const sources = fill.paths.map((text) => (text.startsWith('$') ? compilePath(text) : compileName(text)));
  const source = describePaths(fill.paths);
  const noText = new Failed(`${source} is a list or an object, which a template cannot write`);
  const missing =
    fill.default ??
    (hasDefault ? MISSING : new Failed(`${source} is missing, and the template has no default`));
  return (scope) => {
    for (const read of sources) {
      const found = read(scope);
      if (found instanceof Failed) return new Failed(`${source} ${found.fact}`);
      if (found instanceof Many) return noText;
      if (isPresent(found)) return toText(found) ?? noText;
    }
    return missing;
  };
}

function compilePath(text: string): Read {
  const path = compileScoped(text);
  return (scope) => path.firstExact(path.of(scope)) ?? MISSING;
}

function compileName(name: string): Read {
  return (scope): Found => scope.named?.get(name) ?? MISSING;
}
