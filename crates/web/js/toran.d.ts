/** The identifiers that the package knows. */
export type Kind =
  | "mobile"
  | "pan"
  | "ifsc"
  | "aadhaar"
  | "vid"
  | "voter_id"
  | "passport"
  | "driving_licence"
  | "gstin"
  | "vpa"
  | "kin"
  | "pincode"
  | "account_number"
  | "reference_id"
  | "person_name"
  | "email"
  | "birth_date";

export type Issue = {
  /** Machine-readable. */
  key: string;
  message: string;
  /** What to do about it. */
  hint?: string;
  /** The part that is meant: first and one after last, in UTF-16 units of the input, as `input.slice(...span)` takes it. */
  span?: [number, number];
};

/** What a valid value itself tells, by kind. */
export interface Info {
  mobile: { e164: string };
  pan: { holder_type: string; category: string };
  ifsc: { bank_code: string; bank?: string; successor?: { bank: string; prefix?: string; since: string } };
  aadhaar: {};
  vid: {};
  voter_id: { series: string | null; legacy: boolean };
  passport: {};
  driving_licence: { state_code: string | null; state?: string; year?: number };
  gstin: { state_code: string; state: string; registration: string | null; pan: string | null; holder_type?: string; category?: string };
  vpa: { handle: string; ifsc?: string };
  kin: { is_reference: boolean };
  pincode: { zone: string; region: string; serves: string };
  account_number: { digits: number };
  reference_id: {};
  person_name: {};
  email: { domain: string };
  birth_date: { year: number; month: number; day: number };
}

export type Verdict<K extends Kind = Kind> =
  | {
      ok: true;
      kind: K;
      /** The canonical form: what to send. */
      value: string;
      /** What may be shown. */
      masked: string;
      /** What the value itself tells: `category` of a PAN, `bank_code` of an IFSC, ... */
      info: Info[K] & Record<string, unknown>;
      /** What was changed, and what is unusual. */
      warnings: Issue[];
    }
  | { ok: false; kind: K; issues: Issue[] };

/**
 * Is `input` a `kind`? Lenient about form: what was changed is in the warnings. Nothing here knows the time: a date of birth that is yet to come
 * passes, and who is old enough is yours to say. Never throws.
 */
export function validate<K extends Kind>(kind: K, input: unknown): Verdict<K>;

/** The verdicts, in order; none if `items` is no array or has over 1,000,000 items. Never throws. */
export function validateMany(items: readonly { kind: Kind; input: unknown }[]): Verdict[];

/** The operations whose requests the package can check. */
export type Operation =
  | "pan.verify"
  | "bank.verify"
  | "bank.collect"
  | "mobile.account"
  | "customer.prefill"
  | "ckyc.search"
  | "ckyc.download"
  | "ckyc.upload"
  | "prepaid.customer"
  | "dmt.customer";

/** A fault of one field, as the gateway reports it. */
export type FieldFault = {
  /** The field's name; of a nested one with a dot. */
  field: string;
  key: string;
  message: string;
};

export type RequestVerdict =
  /** `value`: what the request means to the gateway, after normalisation and defaults. */
  | { ok: true; value: Record<string, unknown> }
  /** `key` and `errors` as in the gateway's problem; `error_malformed_request` for what is no request at all. */
  | { ok: false; key: string; errors: FieldFault[] };

/** What the gateway would say to this body before it asks anyone. As strict as its fields are: normalise with `validate`. Never throws. */
export function validateRequest(operation: Operation, body: unknown): RequestVerdict;

/** What may be shown of an input, valid or not: `XXXXXX234F`; `XXXX` of what is no number, where the kind is one. Never throws. */
export function mask(kind: Kind, input: string): string;

/**
 * Loads the registry of bank branches, about 67 KB, once. Rejects where it cannot be had or is damaged; the next call tries again. A service
 * worker, where browsers forbid `import()`, cannot load it.
 * It is not needed for `validate("ifsc", ...)`, whose verdict is about the form and mergers.
 */
export function loadIfsc(): Promise<void>;

/** What is known of an IFSC. The same answers are the same frozen objects. */
export type IfscLookup = {
  /**
   * `listed`: the registry has exactly this code. `unlisted`: it knows the bank and not the branch; branches open all the time, so this is no
   * reason to refuse. `unknown_bank`: no such bank, or no IFSC at all. `unverified`: `loadIfsc` has not been called, or not ended yet.
   */
  readonly status: "listed" | "unlisted" | "unknown_bank" | "unverified";
  /** The bank that keeps the account, where known: of a branch that is leased to a smaller bank, the smaller bank. */
  readonly bank?: string;
  /** Whether the code was withdrawn, as far as is known: its bank has lost its codes, and this one too. */
  readonly withdrawn?: true;
  /** For a merged bank's code: the bank that took it over, the letters with which its codes begin, where they are known, and the day. */
  readonly successor?: { readonly bank: string; readonly prefix?: string; readonly since: string };
};

/** Looks a code up; white space around it and small letters do not matter. Never throws. */
export function lookupIfsc(code: string): IfscLookup;

/** The same for many, in order and in one call; none if `codes` is no array, has over 1,000,000 items or cannot be read. */
export function lookupIfscMany(codes: readonly string[]): IfscLookup[];

/**
 * The language of messages, hints and warnings, from now on: Hindi for "hi" and "hi-IN", otherwise English. Keys and values stay as they are,
 * and so do the messages of `validateRequest`, which are the gateway's. Forms that are attached change at once. Never throws: what is no text is English.
 */
export function setLocale(locale: "en" | "hi" | (string & {})): void;

/** One field of a form: its kind, or that and whether it may be left empty. */
export type Field = Kind | { kind: Kind; required?: boolean | undefined };

/** A form's fields by their names. Fields within an object have its name and a dot before their own, or stand in an object here as well. */
export type Fields = { readonly [name: string]: Field | Fields };

/** What a schema finds: the message says what is wrong and what to do about it, `key` is that of the verdict's issue. */
export interface SchemaIssue {
  readonly message: string;
  readonly key: string;
  readonly path?: readonly PropertyKey[];
}

/** Standard Schema, version 1: https://standardschema.dev */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) => { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };
    readonly types?: { readonly input: Input; readonly output: Output };
  };
}

type Dotted = `${string}.${string}`;
type Heads<F> = keyof { [Name in keyof F as Name extends `${infer Head}.${string}` ? Head : never]: true };
type Within<F, Head extends string> = { [Name in keyof F as Name extends `${Head}.${infer Rest}` ? Rest : never]: F[Name] };
type Value<F> = F extends Field ? string : F extends Fields ? Values<F> : never;

/** A field that is not required may be absent, `null`, or blank, which becomes `""`. Fields within an object are in an object, however they were written. */
export type Values<F extends Fields> = {
  [Name in keyof F as Name extends Dotted ? never : F[Name] extends { required: false } ? never : Name]: Value<F[Name]>;
} & {
  [Name in keyof F as Name extends Dotted ? never : F[Name] extends { required: false } ? Name : never]?: string | null | undefined;
} & {
  [Head in Heads<F>]: Values<Within<F, Head>>;
};

/**
 * A kind as a Standard Schema: a string in, its canonical form out, or issues with a message and no path.
 * The type of the input is what a form holds; any value at all is judged. With `required: false` it may be blank. Given neither a kind nor
 * fields of kinds, `schema` throws a `TypeError`.
 */
export function schema(kind: Kind, options?: { required?: boolean | undefined }): StandardSchemaV1<string, string>;

/**
 * Fields as a Standard Schema: an object in, or a form's `FormData`, the same object with canonical values out, or issues with the field's name as the
 * path. A field within an object is found there, in a `FormData` under its whole name with the dots.
 * Properties that are no field are passed on as they are. A field is required unless it says otherwise.
 */
export function schema<const F extends Fields>(fields: F): StandardSchemaV1<Values<F>, Values<F>>;

type Form = typeof globalThis extends { HTMLFormElement: { prototype: infer Element } } ? Element : never;

/**
 * Binds a form's elements, by name, to kinds: custom validity, `aria-invalid`, a message in the element with `data-toran-for="NAME"`
 * or in a new `<span class="toran-message">` after the control, described by it. A fault shows when the form is submitted (`when: "leave"`: also when
 * its box is left), and goes as soon as it is cured; a good value takes its canonical form when its box is left. A form with a fault is not submitted.
 * A field may be empty unless it, or its element, is `required`; the element's `pattern` and `minlength`, and what the page says of its value
 * with `setCustomValidity`, count as well. Boxes that come later are bound when somebody gets to them. Answers a function that takes everything back.
 * Throws, and leaves the form as it is, where the WebAssembly cannot be started, and a `TypeError` for what is no form, an unknown kind or `when`, and a
 * name that no box of text or choice of the form has.
 */
export function attach(form: Form, fields: Fields, options?: { when?: "submit" | "leave" | undefined }): () => void;
