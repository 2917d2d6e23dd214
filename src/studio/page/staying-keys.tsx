/** Keys of a sample that look like personal data and stay: which, and the tick without which nothing is added. */
interface StayingKeysProps {
  readonly keys: readonly string[];
  readonly isAccepted: { value: boolean };
}

export function StayingKeys({ keys, isAccepted }: StayingKeysProps) {
  if (keys.length === 0) return null;
  return (
    <div class="note">
      <p>These keys look like personal data, and stay as they are:</p>
      <ul>
        {keys.map((path) => (
          <li key={path}>
            <code>{path}</code>
          </li>
        ))}
      </ul>
      <label>
        <input
          type="checkbox"
          checked={isAccepted.value}
          onChange={(event) => {
            isAccepted.value = event.currentTarget.checked;
          }}
        />{' '}
        They may be in git
      </label>
    </div>
  );
}
