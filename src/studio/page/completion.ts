/** Completion in the text of the connector file: the server says what may stand there. */
import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { call } from './call.ts';
import { connectorPath, openName, texts } from './editing.ts';

export const connectorCompletion = autocompletion({ override: [complete], icons: false });

async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const name = openName.value;
  const word = context.matchBefore(/[^\s:,{}[\]"']+$/);
  if (name === null || (word === null && !context.explicit)) return null;
  const written = { ...texts.value, [connectorPath()]: context.state.sliceDoc() };
  const called = await call('complete', { name, texts: written, offset: context.pos });
  if (!called.ok || called.value.options.length === 0) return null;
  return {
    from: called.value.from,
    options: called.value.options.map(({ label, insert, detail }) => ({
      label,
      apply: insert,
      detail: detail.slice(0, 80),
    })),
    validFor: /^[\w$.[\]*'-]*$/,
  };
}
