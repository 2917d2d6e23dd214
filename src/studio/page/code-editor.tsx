/**
 * A text in CodeMirror: highlighting, problems at their places with their fixes. In: a text. Out: the text that somebody
 * wrote. A text that comes from elsewhere (the form, undo) replaces only what differs, so that the cursor stays.
 */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Annotation, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'preact/hooks';
import type { PageProblem } from '../api.ts';

export interface CodeEditorProps {
  readonly label: string;
  readonly language: 'yaml' | 'json' | 'javascript';
  readonly text: string;
  readonly problems: readonly PageProblem[];
  readonly onChange: (text: string) => void;
  readonly more?: Extension;
}

/** JSON is YAML; a parser of its own would be 3 KB more. */
const LANGUAGES = { yaml, json: yaml, javascript };

/** Marks what did not come from the person at the keyboard. */
const fromOutside = Annotation.define<boolean>();

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--number)' },
  { tag: [tags.comment, tags.meta], color: 'var(--dim)' },
]);

export function CodeEditor({ label, language, text, problems, onChange, more = [] }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;

  useEffect(() => {
    const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? '';
    const state = EditorState.create({
      doc: text,
      extensions: [
        EditorState.lineSeparator.of(separatorOf(text)),
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.lineWrapping,
        lineNumbers(),
        lintGutter(),
        highlightSpecialChars({ addSpecialChars: /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g }),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        syntaxHighlighting(COLOURS),
        LANGUAGES[language](),
        // Tab leaves the editor after Escape, as CodeMirror's own help says.
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          const isOwn = update.transactions.some((one) => one.annotation(fromOutside) === true);
          if (update.docChanged && !isOwn) changed.current(update.state.sliceDoc());
        }),
        more,
      ],
    });
    const made = new EditorView({ state, parent: place.current as HTMLElement });
    view.current = made;
    return () => made.destroy();
  }, [language]);

  useEffect(() => {
    const { current } = view;
    if (current === null || current.state.sliceDoc() === text) return;
    const separator = current.state.lineBreak;
    const written = separator === '\n' ? text : text.replaceAll(separator, '\n');
    current.dispatch({
      changes: differenceOf(current.state.doc.toString(), written),
      annotations: fromOutside.of(true),
    });
  }, [text]);

  useEffect(() => {
    const { current } = view;
    if (current === null) return;
    current.dispatch(
      setDiagnostics(
        current.state,
        problems.map((one) => asDiagnostic(one, current.state)),
      ),
    );
  }, [problems]);

  return <div class="code" ref={place} />;
}

/** What stands between the parts that both have. */
function differenceOf(before: string, after: string): { from: number; to: number; insert: string } {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

function asDiagnostic(
  { severity, message, offset, length, code, fix, notes }: PageProblem,
  state: EditorState,
): Diagnostic {
  const at = placesIn(state);
  return {
    from: at(offset),
    to: at(offset + Math.max(1, length)),
    severity,
    source: code,
    message: [message, ...notes].join('\n'),
    actions:
      fix === null
        ? []
        : [
            {
              name: fix.title,
              apply: (target) =>
                target.dispatch({
                  changes: fix.edits.map((edit) => ({
                    from: at(edit.offset),
                    to: at(edit.offset + edit.length),
                    insert: edit.text,
                  })),
                }),
            },
          ],
  };
}

/** Where all lines end as on Windows they go on doing so; else whatever stands there stays. */
function separatorOf(text: string): string {
  return text.includes('\r\n') && !/(?:^|[^\r])\n/.test(text) ? '\r\n' : '\n';
}

/** An offset in the file's text to one in the document, where a line break is one character. */
function placesIn(state: EditorState): (offset: number) => number {
  const text = state.lineBreak === '\n' ? null : state.sliceDoc();
  return (offset) => {
    const breaks = text === null ? 0 : text.slice(0, offset).split(state.lineBreak).length - 1;
    return Math.min(offset - breaks * (state.lineBreak.length - 1), state.doc.length);
  };
}
