/** Pauses work: while the gate is closed, `pass` waits until it is opened. */
export class Gate {
  #open: Promise<void> | null = null;
  #release: () => void = () => {};

  get isClosed(): boolean {
    return this.#open !== null;
  }

  close(): void {
    if (this.#open) return;
    ({ promise: this.#open, resolve: this.#release } = Promise.withResolvers<void>());
  }

  open(): void {
    this.#release();
    this.#open = null;
  }

  async pass(): Promise<void> {
    while (this.#open) await this.#open;
  }
}
