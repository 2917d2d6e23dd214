/**
 * One line of text that follows the file: while somebody types, what they typed stands; else what the file says. It is
 * where a property goes that is clicked.
 */
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { pathTaker } from '../focus.ts';

export interface FieldInputProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
  /** Absent: a property that is clicked replaces the text. */
  readonly take?: (path: string, input: HTMLInputElement) => void;
  /** False: properties do not go here. */
  readonly takesPaths?: boolean;
  readonly describedBy?: string;
  readonly isInvalid?: boolean;
  readonly placeholder?: string;
  readonly isMono?: boolean;
  readonly list?: string;
  readonly size?: number;
}

export function FieldInput(props: FieldInputProps) {
  const {
    label,
    value,
    onInput,
    take,
    takesPaths = true,
    describedBy,
    isInvalid,
    placeholder,
    isMono = true,
    list,
    size,
  } = props;
  const typed = useSignal<string | null>(null);
  const id = useId();

  const change = (text: string): void => {
    typed.value = text;
    onInput(text);
  };
  const offer = (input: HTMLInputElement): void => {
    if (!takesPaths) return;
    pathTaker.value = {
      label,
      take: (path) => {
        if (take === undefined) change(path);
        else take(path, input);
        input.focus();
      },
    };
  };
  return (
    <input
      id={id}
      class={isMono ? 'mono' : undefined}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={isInvalid}
      placeholder={placeholder}
      spellcheck={false}
      autocomplete="off"
      autocapitalize="off"
      list={list}
      size={size}
      value={typed.value ?? value}
      onInput={(event) => change(event.currentTarget.value)}
      onFocus={(event) => {
        typed.value = value;
        offer(event.currentTarget);
      }}
      onKeyDown={(event) => {
        // Tab would pass other fields on the way, each of which would then be the one that is mapped.
        if (!event.altKey || event.key !== 'ArrowRight' || !takesPaths) return;
        event.preventDefault();
        document.querySelector<HTMLElement>('.properties td button[tabindex="0"]')?.focus();
      }}
      onBlur={() => {
        typed.value = null;
      }}
    />
  );
}
