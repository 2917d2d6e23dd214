/** As many of the requests that are held are looked at where nobody says how many: the newest. */
export const LAST = 1_000;
