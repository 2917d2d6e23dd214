/** Starts the page. */
import { render } from 'preact';
import { Shell } from './shell.tsx';
import './page.css';

render(<Shell />, document.getElementById('page') as HTMLElement);
