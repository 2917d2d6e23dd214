/**
 * A value of the mapping: where it comes from, the words that change it, and what they make of the sample. In: the value
 * as the file has it. Out: edits of the file. What is typed decides what it is: `$` begins a path, `{{ }}` is a template,
 * anything else stands for itself.
 */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { JsonValue } from '../../../stages/json/json-value.ts';
import type { PageEdit } from '../../api.ts';
import { resultAt } from '../connector/preview.tsx';
import { FieldProblems, problemsAt } from '../connector/problems.tsx';
import { edit } from '../editing.ts';
import { escapeStep, isMap, memberOf, readLiteral, writeLiteral } from '../yaml-value.ts';
import { FieldInput } from './field-input.tsx';
import { SOURCES, WORDS, type Word } from './words.ts';

export interface ValueFieldProps {
  readonly label: string;
  readonly pointer: string;
  readonly value: JsonValue | undefined;
  readonly placeholder?: string;
  readonly onRemove?: () => void;
  readonly children?: ComponentChildren;
}

export function ValueField({ label, pointer, value, placeholder, onRemove, children }: ValueFieldProps) {
  const id = useId();
  const outcome = resultAt(pointer.replace(/^\/mapping/, ''));
  const source = sourceOf(value);
  const isBad = problemsAt(pointer).some(({ severity }) => severity === 'error');
  return (
    <div class="row">
      <span class="label">{label}</span>
      <div class={`field ${source}`}>
        <div class="main">
          {source === 'header' || source === 'use' ? <span class="word">{source}</span> : null}
          <FieldInput
            label={label}
            value={mainOf(value)}
            isInvalid={isBad}
            describedBy={id}
            {...(placeholder === undefined ? {} : { placeholder })}
            list="property-paths"
            onInput={(text) => changeMain(pointer, value, text)}
            take={(path, input) => takePath(pointer, value, path, input)}
          />
          {outcome === undefined || source === 'literal' ? null : (
            <output class="outcome" title={outcome}>
              <span class="dim">→</span> <bdi>{outcome === '' ? '“”' : outcome}</bdi>
            </output>
          )}
          {children}
          <AddWord label={label} pointer={pointer} value={value} />
        </div>
        <Words label={label} pointer={pointer} value={value} />
      </div>
      {onRemove === undefined ? (
        <span />
      ) : (
        <button
          type="button"
          class="remove"
          aria-label={`Remove ${label}`}
          title={`Remove ${label}`}
          onClick={onRemove}
        >
          ×
        </button>
      )}
      <FieldProblems pointer={pointer} id={id} />
    </div>
  );
}

type Source = (typeof SOURCES)[number] | 'literal' | 'other';

function sourceOf(value: JsonValue | undefined): Source {
  if (typeof value === 'string' && value.startsWith('$')) return 'path';
  if (!isMap(value)) return Array.isArray(value) ? 'other' : 'literal';
  return SOURCES.find((one) => Object.hasOwn(value, one)) ?? 'other';
}

/** The text of the input. Several paths stand beside each other; what has no text of its own stands as in the file. */
function mainOf(value: JsonValue | undefined): string {
  const source = sourceOf(value);
  if (value === undefined || value === null) return '';
  if (source === 'literal') return writeLiteral(value);
  if (source === 'other')
    return Array.isArray(value) && value.every(isPath) ? value.join(', ') : JSON.stringify(value);
  const inner = isMap(value) ? value[source] : value;
  if (Array.isArray(inner) && inner.every((one) => typeof one === 'string')) return inner.join(', ');
  return typeof inner === 'string' ? inner : writeLiteral(inner);
}

function isPath(value: JsonValue): boolean {
  return typeof value === 'string' && value.startsWith('$');
}

const SEVERAL = /,\s*(?=\$)/;

function changeMain(pointer: string, value: JsonValue | undefined, text: string): void {
  edit(changeOf(pointer, value, text));
}

/** What typing a text over a value means for the file. */
function changeOf(pointer: string, value: JsonValue | undefined, text: string): PageEdit {
  const before = sourceOf(value);
  const words = isMap(value) && before !== 'other' ? value : null;
  if (before === 'header' || before === 'use')
    return { kind: 'set', pointer: `${pointer}/${before}`, value: text };
  const trimmed = text.trim();
  const isPathText = trimmed.startsWith('$');
  const isTemplate = !isPathText && text.includes('{{');
  if (isPathText) {
    const paths = trimmed.split(SEVERAL);
    const one = paths.length === 1 ? (paths[0] as string) : paths;
    // Of a list, each is one of many; in an expression, the first that is there counts.
    if (Array.isArray(value)) return { kind: 'set', pointer, value: paths };
    if (words !== null && before === 'path') return { kind: 'set', pointer: `${pointer}/path`, value: one };
    return {
      kind: 'set',
      pointer,
      value: words === null && paths.length === 1 ? one : { ...withoutSource(words), path: one },
    };
  }
  if (isTemplate) {
    if (before === 'template') return { kind: 'set', pointer: `${pointer}/template`, value: text };
    return { kind: 'set', pointer, value: { ...withoutSource(words), template: text } };
  }
  if (/^[[{]/.test(trimmed)) return { kind: 'set', pointer, yaml: text };
  if (before === 'value') return { kind: 'set', pointer: `${pointer}/value`, value: readLiteral(text) };
  return { kind: 'set', pointer, value: readLiteral(text) };
}

/** The words stay when a value comes from elsewhere. */
function withoutSource(
  value: Readonly<Record<string, JsonValue>> | null,
): Readonly<Record<string, JsonValue>> {
  const isSource = (name: string): boolean => (SOURCES as readonly string[]).includes(name);
  return Object.fromEntries(Object.entries(value ?? {}).filter(([name]) => !isSource(name)));
}

/** Into a template at the cursor, else in place of what stands there. */
function takePath(
  pointer: string,
  value: JsonValue | undefined,
  path: string,
  input: HTMLInputElement,
): void {
  const text = input.value;
  const isTemplate = text.includes('{{');
  const at = input.selectionStart ?? text.length;
  const next = isTemplate ? `${text.slice(0, at)}{{ ${path} }}${text.slice(input.selectionEnd ?? at)}` : path;
  input.value = next;
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  if (value === undefined) changeMain(pointer, value, next);
}

type WordsProps = Pick<ValueFieldProps, 'label' | 'pointer' | 'value'>;

function Words({ label, pointer, value }: WordsProps) {
  const present = isMap(value) ? WORDS.filter(({ name }) => memberOf(value, name) !== undefined) : [];
  if (present.length === 0 || sourceOf(value) === 'other') return null;
  return (
    <div class="words">
      {present.map((word) => (
        <WordField key={word.name} word={word} label={label} pointer={pointer} value={value} />
      ))}
    </div>
  );
}

/** The words that may still follow; literals take none. */
function AddWord({ label, pointer, value }: WordsProps) {
  const source = sourceOf(value);
  const missing = WORDS.filter(({ name }) => memberOf(value, name) === undefined);
  if (value === undefined || ['other', 'literal', 'value'].includes(source) || missing.length === 0)
    return null;
  return (
    <select
      class="add-word"
      aria-label={`Add to ${label}`}
      title="Add a word: another form, a default…"
      value=""
      onChange={(event) => {
        const word = WORDS.find(({ name }) => name === event.currentTarget.value);
        event.currentTarget.value = '';
        if (word !== undefined) addWord(pointer, value, word);
      }}
    >
      <option value="">+</option>
      {missing.map(({ name, what }) => (
        <option key={name} value={name}>
          {name}: {what}
        </option>
      ))}
    </select>
  );
}

function addWord(pointer: string, value: JsonValue, { name, input, start }: Word): void {
  const at = `${pointer}/${escapeStep(name)}`;
  if (!isMap(value)) edit({ kind: 'set', pointer, value: { path: value } });
  if (input === 'yaml') edit({ kind: 'set', pointer: at, yaml: start });
  else edit({ kind: 'set', pointer: at, value: startOf(input, start) });
}

function startOf(input: Word['input'], start: string): JsonValue {
  return input === 'true' ? true : input === 'number' ? Number(start) : start;
}

function WordField({ word, label, pointer, value }: { readonly word: Word } & WordsProps) {
  const at = `${pointer}/${word.name}`;
  const current = memberOf(value, word.name);
  const set = (text: string): void => {
    if (word.input === 'yaml') edit({ kind: 'set', pointer: at, yaml: text });
    else if (word.input === 'number') edit({ kind: 'set', pointer: at, value: readLiteral(text) });
    else edit({ kind: 'set', pointer: at, value: text });
  };
  const name = `${label}, ${word.name}`;
  return (
    <span class="word-field">
      <span class="word" title={word.what}>
        {word.name}
      </span>
      {word.input === 'true' ? null : typeof word.input === 'string' ? (
        <FieldInput
          label={name}
          takesPaths={false}
          value={word.input === 'text' && typeof current === 'string' ? current : writeLiteral(current)}
          placeholder={word.name === 'default' ? 'empty text' : ''}
          size={12}
          onInput={set}
        />
      ) : (
        <select
          aria-label={name}
          value={String(current)}
          onChange={(event) => set(event.currentTarget.value)}
        >
          {word.input.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      )}
      <button
        type="button"
        class="remove"
        aria-label={`Remove ${name}`}
        onClick={() => edit({ kind: 'remove', pointer: at })}
      >
        ×
      </button>
    </span>
  );
}
