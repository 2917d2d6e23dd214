// A process that takes the state folder named in its arguments, says what came of it, and stays until it is killed.
import { openStateOwner } from '../../../src/runtime/state/files/open-state-owner.ts';

const opened = await openStateOwner({ folder: process.argv[2] ?? '' });
console.log(opened.ok ? `owner ${process.pid}` : opened.message);
if (opened.ok) setInterval(() => {}, 1000);
