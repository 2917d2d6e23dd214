/** The mapping as a form: who gets the card first, then the card, its data, and which events it is for. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { JsonValue } from '../../../stages/json/json-value.ts';
import { CodeEditor } from '../code-editor.tsx';
import { answer, edit, textOf, write } from '../editing.ts';
import { CardOptions } from '../fields/card-options.tsx';
import { ConditionField } from '../fields/condition-field.tsx';
import { FieldInput } from '../fields/field-input.tsx';
import { IdempotencyField } from '../fields/idempotency-field.tsx';
import { TextField } from '../fields/text-field.tsx';
import { ValueField } from '../fields/value-field.tsx';
import { escapeStep, isMap, memberOf } from '../yaml-value.ts';

export function MappingForm() {
  const file = answer.value?.value;
  const mapping = memberOf(file, 'mapping');
  const isScript = memberOf(mapping, 'script') !== undefined;
  return (
    <form class="form" onSubmit={(event) => event.preventDefault()} autocomplete="off">
      <datalist id="property-paths">
        {(answer.value?.properties ?? []).slice(0, 300).map(({ path, examples }) => (
          <option key={path} value={path}>
            {examples.find((one) => one !== null) ?? ''}
          </option>
        ))}
      </datalist>
      {isScript ? (
        <ScriptField path={String(memberOf(mapping, 'script'))} />
      ) : (
        <StructuredFields mapping={mapping} />
      )}
      <Group title="Which events">
        <Conditions value={memberOf(file, 'when')} />
        <TestTraffic value={memberOf(file, 'testWhen')} />
        <IdempotencyField value={memberOf(file, 'idempotency')} />
      </Group>
      <Group title="The connector">
        <TextField label="Flow" pointer="/actionFlow" value={memberOf(file, 'actionFlow')} isMono />
        <TextField
          label="What for"
          pointer="/description"
          value={memberOf(file, 'description')}
          placeholder="What it tells whom"
        />
        <TextField
          label="Owner"
          pointer="/owner"
          value={memberOf(file, 'owner')}
          placeholder="The team that answers for it"
        />
      </Group>
    </form>
  );
}

/** The script that maps the request, with what is wrong at its line. It is run for every sample in the preview. */
function ScriptField({ path }: { readonly path: string }) {
  const problems = (answer.value?.problems ?? []).filter(
    ({ file, silenced }) => file === path && silenced === null,
  );
  return (
    <Group title="Script">
      <p class="dim">
        <code>{path}</code> gets <code>{'{ body, headers, method, receivedAt }'}</code> and returns the
        trigger; null ignores the request.
      </p>
      <CodeEditor
        label={`${path}, the script`}
        language="javascript"
        text={textOf(path)}
        problems={problems}
        onChange={(text) => write(path, text)}
      />
    </Group>
  );
}

function StructuredFields({ mapping }: { readonly mapping: JsonValue | undefined }) {
  return (
    <>
      <Group title="Who gets the card">
        <ValueField
          label="Recipients"
          pointer="/mapping/targetUserIds"
          value={memberOf(mapping, 'targetUserIds')}
          placeholder="a path, such as $.user.id"
        />
      </Group>
      <Group title="Card">
        <CardOptions value={memberOf(mapping, 'cardOptions')} />
      </Group>
      <Group title="Variables">
        <Members pointer="/mapping/variables" value={memberOf(mapping, 'variables')} noun="variable" />
      </Group>
      <Group title="Metadata and notification">
        <Members pointer="/mapping/metadata" value={memberOf(mapping, 'metadata')} noun="metadata" />
        <Members
          pointer="/mapping/notificationDetail"
          value={memberOf(mapping, 'notificationDetail')}
          noun="notification detail"
        />
      </Group>
    </>
  );
}

export function Group({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <fieldset>
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

interface MembersProps {
  readonly pointer: string;
  readonly value: JsonValue | undefined;
  readonly noun: string;
}

function Members({ pointer, value, noun }: MembersProps) {
  const entries = isMap(value) ? Object.entries(value) : [];
  return (
    <>
      {entries.map(([key, one]) => {
        const at = `${pointer}/${escapeStep(key)}`;
        return (
          <ValueField
            key={key}
            label={key}
            pointer={at}
            value={one}
            onRemove={() => edit({ kind: 'remove', pointer: at })}
          />
        );
      })}
      <AddMember pointer={pointer} noun={noun} taken={entries.map(([key]) => key)} />
    </>
  );
}

/** A name first; its value comes from a property that is clicked then. */
function AddMember({
  pointer,
  noun,
  taken,
}: {
  readonly pointer: string;
  readonly noun: string;
  readonly taken: readonly string[];
}) {
  const name = useSignal('');
  const isTaken = taken.includes(name.value.trim());
  const add = (value: JsonValue): void => {
    const key = name.value.trim();
    if (key === '' || isTaken) return;
    edit({ kind: 'set', pointer: `${pointer}/${escapeStep(key)}`, value });
    name.value = '';
  };
  return (
    <div class="row add">
      <FieldInput
        label={`New ${noun}: name`}
        value={name.value}
        placeholder={`+ ${noun}`}
        onInput={(text) => {
          name.value = text;
        }}
        take={(path) => {
          if (name.value.trim() === '') name.value = nameOf(path, taken);
          add(path);
        }}
      />
      <div class="adds">
        {name.value.trim() === '' ? null : (
          <button type="submit" disabled={isTaken} onClick={() => add('')}>
            {isTaken ? 'There is one of that name' : `Add ${name.value.trim()}`}
          </button>
        )}
      </div>
    </div>
  );
}

/** The last name of a path, free of what a variable's name should not have. */
function nameOf(path: string, taken: readonly string[]): string {
  const name = (path.match(/[A-Za-z0-9_]+/g) ?? ['value']).at(-1) ?? 'value';
  return taken.includes(name) ? `${name}_${taken.length}` : name;
}

function Conditions({ value }: { readonly value: JsonValue | undefined }) {
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  return (
    <>
      {list.map((one, index) => (
        <ConditionField
          key={index}
          label={index === 0 ? 'Only when' : 'and'}
          pointer={`/when/${index}`}
          value={one}
          onRemove={() => edit({ kind: 'remove', pointer: `/when/${index}` })}
        />
      ))}
      <div class="row add">
        <span class="label">{list.length === 0 ? 'Only when' : ''}</span>
        <div class="adds">
          <button
            type="button"
            onClick={() =>
              edit({
                kind: 'insert',
                pointer: '/when',
                index: list.length,
                value: { path: '$.type', equals: '' },
              })
            }
          >
            {list.length === 0 ? 'All events. Add a condition…' : 'Add a condition…'}
          </button>
        </div>
      </div>
    </>
  );
}

function TestTraffic({ value }: { readonly value: JsonValue | undefined }) {
  if (value !== undefined) {
    return (
      <ConditionField
        label="Test traffic"
        pointer="/testWhen"
        value={value}
        onRemove={() => edit({ kind: 'remove', pointer: '/testWhen' })}
      />
    );
  }
  return (
    <div class="row add">
      <span class="label">Test traffic</span>
      <div class="adds">
        <button
          type="button"
          onClick={() =>
            edit({ kind: 'set', pointer: '/testWhen', value: { path: '$.livemode', equals: false } })
          }
        >
          Tell the provider’s own test events…
        </button>
      </div>
    </div>
  );
}
