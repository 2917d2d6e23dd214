/**
 * The parts of YAML that connector files may not use. In: the tokens of a text. Out: what is refused, with its place. No
 * anchors, aliases, tags, merge keys, directives or second documents, and a bounded depth.
 */
import type { CST } from 'yaml';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/printable.ts';
import type { SourceFile } from '../diagnostics/source.ts';
import { MAX_YAML_ERRORS } from './explain-yaml.ts';

/** Same bound as for requests: nothing that people write nests deeper. */
const MAX_DEPTH = 64;

/** Walks the tokens before anything is composed from them, without recursion: the text may nest as deep as it is long. */
export function refuseFeatures(tokens: readonly CST.Token[], source: SourceFile): Diagnostic[] {
  const found: Diagnostic[] = [];
  const refuse = (token: { offset: number; source: string }, what: string, instead: string): void => {
    const text = token.source.trimEnd();
    const span = source.span(token.offset, Math.max(1, text.length));
    if (found.length < MAX_YAML_ERRORS)
      found.push(
        diagnose(
          'yaml-feature-refused',
          `${what} ${quote(text)} is not allowed in these files: ${instead}`,
          span,
        ),
      );
  };
  const look = (marks: readonly CST.SourceToken[] | undefined): void => {
    for (const mark of marks ?? []) {
      if (mark.type === 'anchor') refuse(mark, 'anchor', 'write the value again where it is needed');
      if (mark.type === 'tag') refuse(mark, 'tag', 'plain YAML needs none; put text in quotes');
    }
  };
  const waiting: { token: CST.Token | null | undefined; depth: number }[] = tokens
    .map((token) => ({ token, depth: 0 }))
    .reverse();
  let documents = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (token === null || token === undefined) continue;
    if (token.type === 'directive') refuse(token, 'directive', 'connector files need none; remove the line');
    if (token.type === 'alias') refuse(token, 'alias', 'write the value again');
    if (token.type === 'document') {
      documents += 1;
      if (documents === 2) {
        refuse(
          { offset: token.offset, source: '---' },
          'second document',
          'one file holds one connector or case file',
        );
      }
      look(token.start);
      waiting.push({ token: token.value, depth });
    }
    if (token.type === 'block-map' || token.type === 'block-seq' || token.type === 'flow-collection') {
      if (depth === MAX_DEPTH) {
        const span = source.span(token.offset, 1);
        return [diagnose('yaml-too-deep', `nested deeper than ${MAX_DEPTH} levels`, span)];
      }
      for (const item of token.items.toReversed()) {
        look(item.start);
        look(item.sep);
        if (item.key?.type === 'scalar' && item.key.source === '<<') {
          refuse(item.key, 'merge key', 'write the keys again where they are needed');
        }
        waiting.push({ token: item.value, depth: depth + 1 }, { token: item.key, depth: depth + 1 });
      }
    }
  }
  return found;
}
