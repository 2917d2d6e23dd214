/** Who may call: what a request proves, the secrets by name, addresses, and what still blocks going live. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PagePreset, SecurityAnswer } from '../../api.ts';
import { call } from '../call.ts';
import { answer, edit, texts } from '../editing.ts';
import { FieldInput } from '../fields/field-input.tsx';
import { memberOf } from '../yaml-value.ts';
import { Copied } from './copied.tsx';
import { ProblemNote } from './problems.tsx';

export function SecurityTab({ name }: { readonly name: string }) {
  const facts = useSignal<SecurityAnswer | null>(null);
  useEffect(() => {
    void (async () => {
      const called = await call('security', { name, texts: texts.value });
      if (called.ok) facts.value = called.value;
    })();
  }, [name, answer.value]);
  if (facts.value === null) return <p class="dim pad">Reading…</p>;
  const { proof, preset, secrets, hasUrlKey, url, blocks } = facts.value;
  return (
    <div class="two">
      <div>
        <section class="pane" aria-labelledby="proof-title">
          <h2 id="proof-title">What a request proves</h2>
          <p>{`${proof.charAt(0).toUpperCase()}${proof.slice(1)}.`}</p>
          {preset === null ? null : <PresetFacts preset={preset} />}
        </section>
        <section class="pane" aria-labelledby="secrets-title">
          <h2 id="secrets-title">Secrets</h2>
          {secrets.length === 0 ? <p class="dim">It needs none.</p> : null}
          <ul class="facts">
            {secrets.map((one) => (
              <li key={one.name}>
                <code>{one.name}</code>{' '}
                {one.missing === null ? (
                  <span class="ok">set here</span>
                ) : (
                  <span class="bad">not usable here: {one.missing}</span>
                )}
              </li>
            ))}
          </ul>
          {secrets.length === 0 ? null : <Rotation />}
        </section>
        <Addresses />
      </div>
      <div>
        <section class="pane" aria-labelledby="url-title">
          <h2 id="url-title">URL</h2>
          {url === null ? (
            <p class="dim">It has one as soon as it is saved and served.</p>
          ) : (
            <Copied text={url} />
          )}
          <p class="dim">
            {hasUrlKey
              ? 'The URL is secret: its last part is worked out from a key of the deployment.'
              : 'The URL is no secret; the signature proves who calls.'}
          </p>
        </section>
        <section class="pane" aria-labelledby="blocks-title">
          <h2 id="blocks-title">Before it goes live</h2>
          {blocks.length === 0 ? (
            <p class="ok">Nothing in the files blocks it.</p>
          ) : (
            blocks.map((one) => <ProblemNote key={one.code + one.message} problem={one} withPlace />)
          )}
          {secrets.some(({ missing }) => missing !== null) ? (
            <p class="note warn">
              Secrets that are not set here may be set where it is deployed; there, sluice status says so.
            </p>
          ) : null}
        </section>
      </div>
    </div>
  );
}

export function PresetFacts({ preset }: { readonly preset: PagePreset }) {
  const { title, checks, open, weak, notes, handshakes, limits, docs } = preset;
  return (
    <dl class="plain">
      <Fact name={title}>Checked: {checks}.</Fact>
      {open.length === 0 ? null : <Fact name="Not proven">{open.join('; ')}.</Fact>}
      {weak === null ? null : <Fact name="Weak">{weak}</Fact>}
      {handshakes.length === 0 ? null : <Fact name="First contact">{handshakes.join('; ')}.</Fact>}
      {limits.length === 0 ? null : <Fact name="The sender">{limits.join('; ')}.</Fact>}
      {notes.map((note) => (
        <Fact key={note} name="Note">
          {note}
        </Fact>
      ))}
      <Fact name="Described at">
        <code>{docs}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** While a secret is exchanged, both are taken. */
function Rotation() {
  const pointer = '/security/signature/sharedSecret';
  const value = memberOf(answer.value?.value, 'security', 'signature', 'sharedSecret');
  if (value === undefined) return null;
  const list = Array.isArray(value) ? value : [value];
  const last = memberOf(list.at(-1), 'env');
  if (list.length > 1) {
    return (
      <p>
        Both are taken while the secret is exchanged.{' '}
        <button type="button" onClick={() => edit({ kind: 'set', pointer, value: list[0] as never })}>
          Only the first again
        </button>
      </p>
    );
  }
  if (typeof last !== 'string') return null;
  return (
    <button
      type="button"
      onClick={() => edit({ kind: 'set', pointer, value: [{ env: `${last}_NEXT` }, { env: last }] })}
    >
      Exchange the secret…
    </button>
  );
}

function Addresses() {
  const added = useSignal('');
  const value = memberOf(answer.value?.value, 'security', 'allowIps');
  const list = Array.isArray(value) ? (value as readonly string[]) : [];
  return (
    <section class="pane" aria-labelledby="addresses-title">
      <h2 id="addresses-title">Addresses</h2>
      {list.length === 0 ? <p class="dim">Requests from any address.</p> : null}
      <ul class="facts">
        {list.map((one, index) => (
          <li key={one}>
            <code>{one}</code>
            <button
              type="button"
              class="remove"
              aria-label={`Remove ${one}`}
              onClick={() => edit({ kind: 'remove', pointer: `/security/allowIps/${index}` })}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <form
        class="actions"
        onSubmit={(event) => {
          event.preventDefault();
          const text = added.value.trim();
          if (text !== '')
            edit({ kind: 'insert', pointer: '/security/allowIps', index: list.length, value: text });
          added.value = '';
        }}
      >
        <FieldInput
          label="An address or a range"
          takesPaths={false}
          placeholder="10.0.0.0/8"
          value={added.value}
          onInput={(text) => {
            added.value = text;
          }}
        />
        <button type="submit">Allow</button>
      </form>
    </section>
  );
}
