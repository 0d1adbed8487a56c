/** A form on its way: its problems by field, one sentence for the whole, and whether it is being sent. */
import { tick } from "svelte";
import { asApiError, type FieldErrors } from "./http";

export class FormState {
  errors = $state.raw<FieldErrors>({});
  message = $state("");
  isSending = $state(false);

  /** Send unless something is wrong already. Gives the answer, or undefined when there is something to mend. */
  async send<T>(problems: FieldErrors, call: () => Promise<T>): Promise<T | undefined> {
    if (this.isSending) return undefined;
    this.errors = problems;
    this.message = "";
    if (Object.keys(problems).length > 0) {
      await focusFirstProblem();
      return undefined;
    }
    this.isSending = true;
    try {
      return await call();
    } catch (error) {
      const refused = asApiError(error);
      this.errors = refused.fields;
      // A field that says what is wrong says it best; the sentence is for what belongs to no field that is shown.
      if (!(await focusFirstProblem())) this.message = refused.message;
      return undefined;
    } finally {
      this.isSending = false;
    }
  }
}

async function focusFirstProblem(): Promise<boolean> {
  await tick();
  const field = document.querySelector<HTMLElement>("form [aria-invalid='true']");
  field?.focus();
  return field !== null;
}
