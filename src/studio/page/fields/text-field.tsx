/** A plain text of the connector file. Emptied, its key goes. */
import { useId } from 'preact/hooks';
import type { JsonValue } from '../../../stages/json/json-value.ts';
import { FieldProblems, problemsAt } from '../connector/problems.tsx';
import { edit } from '../editing.ts';
import { FieldInput } from './field-input.tsx';

export interface TextFieldProps {
  readonly label: string;
  readonly pointer: string;
  readonly value: JsonValue | undefined;
  readonly placeholder?: string;
  readonly isMono?: boolean;
}

export function TextField({ label, pointer, value, placeholder, isMono = false }: TextFieldProps) {
  const id = useId();
  return (
    <div class="row">
      <span class="label">{label}</span>
      <div class="field">
        <div class="main">
          <FieldInput
            label={label}
            takesPaths={false}
            isMono={isMono}
            value={value === undefined || value === null ? '' : String(value)}
            isInvalid={problemsAt(pointer).length > 0}
            describedBy={id}
            {...(placeholder === undefined ? {} : { placeholder })}
            onInput={(text) =>
              edit(
                text === '' && value !== undefined
                  ? { kind: 'remove', pointer }
                  : { kind: 'set', pointer, value: text },
              )
            }
          />
        </div>
      </div>
      <span />
      <FieldProblems pointer={pointer} id={id} />
    </div>
  );
}
