import '@fontsource-variable/inter/opsz.css';
import './style/tokens.css';
import './style/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { fetchAhead } from './screens/screens.ts';
import { route } from './state/route.svelte.ts';

// The first screen is fetched while the frame is made.
fetchAhead(route.now);
// A task of its own: what is imported has just been evaluated, and both at once would hold the browser up.
setTimeout(() => mount(App, { target: document.body }));
