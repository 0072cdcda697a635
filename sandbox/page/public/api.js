import { state } from './state.js';

async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return await response.json();
  } catch {
    return { ok: false, error: 'unreachable', said: 'The sandbox does not answer. Is it still running?' };
  }
}

export async function getJson(path) {
  const response = await fetch(path);
  return response.json();
}

/** Does something as the chosen person. Resolves with the outcome; a failure carries `said`. */
export const act = (what) => post('/api/act', { as: state.as, act: what });
/** Presses the button on the phone of the chosen person. */
export const acknowledgePage = (id) => post('/api/acknowledge', { as: state.as, id });
export const breakThing = (id) => post('/api/break', { id });
