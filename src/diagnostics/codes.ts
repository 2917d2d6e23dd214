/**
 * The only table of codes that the compiler reports: severity, a title, why it matters and how to fix it. A code is
 * never renamed or reused. `sluice explain <code>` prints from here.
 */
export type Severity = 'error' | 'warning';

export interface CodeEntry {
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
}

function error(title: string, why: string, fix: string): CodeEntry {
  return { severity: 'error', title, why, fix };
}

function warning(title: string, why: string, fix: string): CodeEntry {
  return { severity: 'warning', title, why, fix };
}

export const CODES = {
  // Files
  'folder-empty': error(
    'no connector files',
    'The folder does not exist or holds no connector, so that a bundle built from it would serve nothing.',
    'Give the folder that holds <id>/connector.yaml or <id>.yaml; the README shows a first one.',
  ),
  'connector-ignored': warning(
    'something that looks like a connector is not read',
    'A folder without connector.yaml, or a file that ends in .yml and has no apiVersion, is skipped. If it was meant as a connector, it would be missing from the bundle without a trace.',
    'Name the file connector.yaml (or <id>.yaml), or move it elsewhere. Names that start with a dot are skipped silently.',
  ),
  'folder-is-connector': error(
    'the folder of one connector instead of the folder of connectors',
    'What is given is the folder above the connectors: each of its folders is one connector, named like its id.',
    'Give the folder above it. A connector of the name `connector` has `id: connector`.',
  ),
  'connector-misnamed': error(
    'a connector under a name that is not read',
    'Only connector.yaml and <id>.yaml are read: the connector would be missing from the bundle.',
    'Rename the file as the message says.',
  ),
  'file-unreadable': error(
    'a file cannot be read',
    'The file exists, but the operating system refuses it, or it is not a regular file.',
    'Check its permissions and that it is a plain file, not a folder, device or pipe.',
  ),
  'file-too-large': error(
    'a file is over the size limit',
    'Limits keep a check of an untrusted pull request bounded: 256 KiB for a connector, case or script file, 1 MiB for a sample, 16 MiB for all files of a connector.',
    'Shorten the file; a sample needs one or two elements of a long list, not all of them.',
  ),
  'file-not-utf8': error(
    'a file is not UTF-8 text',
    'Files are read as strict UTF-8, so that what a reviewer sees is what is compiled.',
    'Save the file as UTF-8.',
  ),
  'reference-missing': error(
    'a referenced file does not exist',
    'The connector names a sample, script or body file that is not there; names are case-sensitive.',
    "Correct the name, or add the file to the connector's own folder.",
  ),
  'reference-escapes': error(
    'a reference leaves the connector folder',
    "A reference with .. or an absolute path could read any file of the machine that compiles a stranger's pull request.",
    "Copy the file into the connector's own folder and refer to it by its path there.",
  ),
  'entry-refused': error(
    'an entry of the connectors folder is neither file nor folder',
    'A link, a submodule or a pipe leads to files that no commit of this repository holds, so that nobody who reviews a change sees them.',
    'Put the files themselves into the folder; remove a submodule with git rm.',
  ),
  'reference-symlink': error(
    'a path goes through a symbolic link',
    "A symbolic link could point to any file of the machine that compiles a stranger's pull request.",
    'Replace the link by the file itself.',
  ),

  // Text
  'yaml-invalid': error(
    'the file is not valid YAML',
    'The text cannot be read as one YAML value, so nothing else in it can be checked.',
    'Mend the place shown. Most often a line is indented differently, or a value that contains ": " or starts with a special character needs quotes.',
  ),
  'yaml-feature-refused': error(
    'a YAML feature that these files may not use',
    'Anchors, aliases, tags, merge keys, directives and further documents make a file mean something else than it seems to a reviewer, and some can be used to attack whoever reads it.',
    'Write the value out in plain YAML.',
  ),
  'yaml-too-deep': error(
    'the file nests too deep',
    'More than 64 levels only occur in files made to break a parser.',
    'Flatten the value; put a sample into a JSON file of its own.',
  ),
  'key-duplicate': error(
    'a key stands twice',
    'Only one of the two values can count, and which one depends on who reads the file. The same holds for a sample in JSON.',
    'Remove one of them.',
  ),
  'key-forbidden': error(
    'a key with a name that is refused',
    '__proto__, constructor and prototype reach into the machinery of JavaScript objects instead of naming data.',
    'Choose another name. In a sample file (JSON) such a key is plain data and may stay.',
  ),
  'key-unknown': error(
    'an unknown key',
    'A key that Sluice does not know would be ignored; a misspelt setting, such as a security one, would silently not apply.',
    'Correct the name (the message lists the nearest), or remove the key.',
  ),
  'key-missing': error(
    'a required key is missing',
    'Without it the connector cannot be understood.',
    'Add the key; hovering over its parent in an editor with the YAML language server explains it.',
  ),
  'value-invalid': error(
    'a value is not allowed here',
    'The value has the wrong type, or is outside of what this key allows.',
    'Use one of the values or forms that the message names.',
  ),

  // Identity
  'id-mismatch': error(
    'id and folder name differ',
    "The id is the last part of the connector's URL and the name under which its state is kept; one name in two places keeps them findable.",
    'Rename the folder (or flat file), or correct `id`. Renaming the id of a live connector changes its URL.',
  ),
  'target-unknown': error(
    'a target that the deployment lacks',
    'Triggers of this connector would have nowhere to go: the runtime would hold every one of them.',
    'Correct `target`, or add it to the targets file of the deployment (and to the list that `--targets` names).',
  ),
  'id-duplicate': error(
    'two connectors share an id',
    'Both would answer at the same URL.',
    'Give one of them another id, and rename its folder with it.',
  ),

  // Samples
  'sample-missing': warning(
    'the connector has no sample yet',
    'Without a sample nothing tells what a request should look like: the connector holds everything that arrives.',
    'Add `samples: [samples/<name>.json]`, or capture one with `sluice capture <id>`.',
  ),
  'sample-missing-live': error(
    'a live connector has no sample',
    'Without a sample nothing tells what a request should look like, and no wrong card could be prevented.',
    'Add a sample, or set `status: test` until there is one.',
  ),
  'sample-invalid': error(
    'a sample is not a JSON document',
    'Samples are parsed exactly as requests are: strict JSON, no comments, at most 64 levels.',
    'Mend the place shown, or store the request body again as it was sent.',
  ),
  'sample-single': warning(
    'only one sample',
    'With one sample every mapped field counts as always present; a field that is optional at the sender will hold requests, and enough of them in a row pause the connector.',
    'Add a second sample of the same event in which optional fields are missing; or give those fields a `default`, or list them under `shape.optional`.',
  ),
  'samples-differ': warning(
    'the samples look like different events',
    'A shape learned from several kinds of event knows none of them well: what one kind always has becomes optional, so that its loss is no longer noticed, and an event that was not meant can make a card.',
    'Keep the samples of one event and choose it with `when`; or, where the connector is for several, list them: {path: $.type, in: [a, b]}.',
  ),
  'sample-not-selected': error(
    'a sample does not match `when`',
    'The connector would ignore this very request, so the sample shows an event that is not for it, or a condition is wrong.',
    'Correct the condition or remove the sample. Where `when` looks at a header, write the sample as {"headers": {...}, "body": {...}}.',
  ),
  'sample-empty-batch': error(
    'a sample holds no element to split',
    'The list that `split` names is empty in this sample, so it teaches nothing about the elements.',
    'Use a sample with at least one element.',
  ),
  'sample-held': error(
    'the connector would hold its own sample',
    'A request exactly like this sample would not be delivered, so the samples contradict the settings.',
    'Make the path that the message names optional (a default, or `shape.optional`), or correct the sample.',
  ),

  // Paths and mapping
  'path-may-be-missing': warning(
    'a mapped field that the provider says may be missing',
    'The provider describes its events: this field, or something on the way to it, may be missing or null. That all samples have it is chance; a request without it is held, and enough of them in a row pause the connector.',
    'Give it a `default`. Where it says who gets the card, write {path: ..., whenMissing: ignore}: an event that has nobody to tell is then ignored. Where the field must be there, silence the warning with the reason.',
  ),
  'variable-missing': warning(
    'a variable that some sample does not have',
    'A sample without the field says that it may be missing, so a request without it is delivered: as a card with a hole, and a field that the sender renames is missed in the same way.',
    'Give it a `default`; or list its path under `shape.optional` where a card without it is meant, or under `shape.required` where the sample is wrong.',
  ),
  'path-invalid': error(
    'not a JSONPath',
    'A string that starts with $ is read as a JSONPath; this one cannot be.',
    'Correct the path. Text that should be used as it is goes into {value: "..."}.',
  ),
  'path-filter-refused': error(
    'a JSONPath with a filter or script',
    'Filters and script expressions run code that the file contains; they were the cause of remote code execution more than once.',
    'Use plain members, indexes, wildcards and slices; choose elements of a list with `where` and events with `when`, or use a mapping script.',
  ),
  'path-key-forbidden': error(
    'a JSONPath through a forbidden key',
    '__proto__, constructor and prototype reach into the machinery of JavaScript objects, never into a payload.',
    'Use the path of a value in the payload.',
  ),
  'path-not-in-sample': error(
    'a path that no sample has',
    'The mapping would never find this value, or find it only in events that no sample shows; nothing could be checked about it.',
    'Correct the path, or add a sample that has it.',
  ),
  'paths-too-costly': error(
    'paths that look at too many values',
    'Each .. looks at every value below it and each wildcard at every element, in every sample here and in every request later. All paths of a connector may look at a million values of its samples.',
    'Name the way to the value with members and indexes, or shorten the samples: one or two elements of a long list are enough.',
  ),
  'expression-invalid': error(
    'not a mapping expression',
    'An expression is a path, a literal, or an object with exactly one of path, template, header and value.',
    'Keep one of them; for an object that should be used as it is write {value: {...}}.',
  ),
  'default-invalid': error(
    'a default that its field does not take',
    'No sample may need the default, so nothing else would show it: the first request that does would be held.',
    'Write a value of the field: priority is a number from 1 to 10, expires an ISO 8601 time, a variable a text, number, true or false.',
  ),
  'recipient-of-several': warning(
    'one recipient that looks like several',
    'A text with commas or semicolons between names somebody of exactly that name, so that the card reaches nobody.',
    'Take it apart with `separator`, as the message says, or name a value that holds one user.',
  ),
  'time-dummy': warning(
    'a time in a sample that stands for none',
    'The zero time of a language (0001-01-01, 1970-01-01, 9999-12-31) counts as missing: the card would have no such time at all.',
    'Say so with `default: null`, or map another time; where every event has one, replace the sample.',
  ),
  'number-rewritten': error(
    'a number that is not what stands in the file',
    'YAML reads 007 as 7, 1.10 as 1.1 and 1e3 as 1000: what goes out would be another id, code or text than the one in the file.',
    'Write it in quotes where the text is meant, or as the number that it is.',
  ),
  'braces-unfilled': error(
    'a text with {{ that nothing fills in',
    'It would reach people as it is, with its braces.',
    'Write { template: ... } with paths such as {{ $.name }} or names of values; { value: ... } keeps braces that are meant.',
  ),
  'target-looks-like-path': error(
    'a user id that looks like a path without $',
    'The text would be used as the id itself: every card would go to nobody, or to whoever has that id.',
    'Write the path with "$." in front. A user whose id really looks like this is {value: ...}.',
  ),
  'literal-looks-like-path': warning(
    'a text that looks like a path without $, or a template without {{ }}',
    'What does not start with $ is text, and a template fills in only what stands between {{ and }}: every card would show these very words.',
    'Write the path with "$." in front, or {{ $.path }} in a template. A text that is meant as it is goes into {value: ...}.',
  ),
  'template-default-missing': error(
    'an optional path in a template has no default',
    'Where the value is missing, the text would have a hole, or the card could not be sent.',
    'Write {path: ..., default: ...} for the whole text, or make the path one that every sample has.',
  ),
  'output-key-forbidden': error(
    'a forbidden key in the mapped result',
    '__proto__, constructor and prototype would change the result object itself instead of adding a value.',
    'Choose another name.',
  ),
  'trigger-invalid': error(
    'the mapping turns a sample into an invalid trigger',
    'The Action Flow refuses such a trigger, so every request like this sample would be held.',
    'Correct the mapping at the field that the message names; `sluice preview <id>` shows the mapped result.',
  ),
  'mapping-no-targets': warning(
    'a sample maps to nobody',
    'The list of users is empty for this sample: the request would be accepted and ignored.',
    'Check `targetUserIds`, or use a sample that has recipients.',
  ),
  'split-not-list': error(
    'split does not name a list',
    'Every element of the list is one event; where there is no list, each request would pause the connector.',
    'Name the elements of a list, such as $.events[*] or $[*].',
  ),
  'shape-exact-batch': warning(
    'policy exact pauses on harmless changes',
    'With `policy: exact` any new or missing field anywhere pauses the connector; among real payloads of one event nine in ten differ from a single sample.',
    'Use the default policy `mapped`, or give many samples.',
  ),

  // Addresses
  'ip-invalid': error(
    'not an IP address or CIDR range',
    'The entry can match no sender.',
    'Write an address such as 3.18.12.63 or a range such as 10.0.0.0/8 or 2001:db8::/32, without host bits after the prefix.',
  ),
  'ip-overlap': warning(
    'an allowed range that another contains',
    'The entry changes nothing; removing it later would not close what it seems to close.',
    'Remove the narrower or repeated entry, or narrow the wider one.',
  ),
  'ip-allows-all': warning(
    'an allowed range that contains every address',
    'A range of prefix length 0 allows any sender, which is what an empty list does.',
    'Remove the list, or list the addresses that the provider publishes.',
  ),

  // Security
  'secret-literal': error(
    'a secret written in a file',
    'Everybody who can read the repository, its history or a CI log can sign requests with it.',
    'Write a reference such as {env: SLUICE_SECRET_STRIPE}, set the value in the deployment, and treat the written one as leaked: replace it at the provider. In samples replace it by an invented value.',
  ),
  'secret-missing-reference': error(
    'a signature without a secret',
    'Nothing can be verified without the secret that the sender signs with.',
    'Add sharedSecret: {env: SLUICE_SECRET_<NAME>} and set that variable in the deployment.',
  ),
  'secret-name-unusual': warning(
    'a secret variable without the SLUICE_SECRET_ prefix',
    'The runtime reads only variables with this prefix, unless the deployment allows others by name: a connector must not be able to name any variable of the machine.',
    'Rename the variable to SLUICE_SECRET_..., or make sure that the deployment allows this name.',
  ),
  'signature-preset-unknown': error(
    'an unknown preset',
    'Sluice has no scheme under this name.',
    'Correct the name, or spell the scheme out: algorithm, digest, signature, timestamp, template.',
  ),
  'signature-incomplete': error(
    'the signature scheme is incomplete',
    'Something that is needed to verify a request is not given.',
    "Add what the message names; the provider's documentation says where it stands.",
  ),
  'signature-template-invalid': error(
    'the signature template is not usable',
    'The text that is signed could not be rebuilt from a request.',
    'Use the tokens [timestamp] [payload] [secret] [method] [url] [path] [header:NAME] [body:PATH] [form:sorted], and only where what they stand for is configured.',
  ),
  'signature-timestamp-unsigned': error(
    'the timestamp is not part of what is signed',
    'Anyone who recorded a request could send it again with a fresh timestamp, so checking its age proves nothing.',
    'Put [timestamp] into the template as the provider does, or remove the timestamp.',
  ),
  'signature-body-unsigned': error(
    'the proof does not cover the body',
    'The signature, token or secret URL stays valid whatever the body says: whoever obtains one request can send any card.',
    'Put [payload] into the template; where the provider cannot, say so with security.bodyNotSigned: "<why this is acceptable>".',
  ),
  'signature-tolerance-off': warning(
    'old requests can be replayed',
    'With a tolerance of 0 a recorded request stays valid for ever.',
    'Leave the default of 300 seconds, or raise it to what the provider needs.',
  ),
  'signature-in-query': warning(
    'a secret stands in the query of the URL',
    'Sluice keeps it out of its logs and holds, but whatever is in front of it (a proxy, a load balancer, the sender itself) writes URLs into logs, where others read them.',
    'Have the sender put it into a header if it can; else keep the query out of the access logs in front.',
  ),
  'handshake-matches-sample': error(
    'an event would be taken for a challenge',
    'A challenge that needs no proof is answered before anything else is judged. An event that looks like it would be answered the same way, and lost.',
    'Say in `when` what only the challenge has: a field, a header or a query parameter that no sample has.',
  ),
  'signature-tenant-missing': warning(
    'nothing tells the customers of an app apart',
    'The secret of such a scheme belongs to an app, and the provider signs with it for everyone who installed the app. A genuine request can therefore come from somebody else: another workspace, shop or account.',
    'Add a condition to `when` that names your own, such as { path: $.team_id, equals: T0001 } for Slack. Only `equals` and `in` do that: that there is a value, or how it begins, is true of others too. `sluice presets <name>` says where a request carries it.',
  ),
  'signature-tenant-open': error(
    'anybody who is a customer of the provider could send',
    'The keys of such a scheme are the same for every customer of the provider. A genuine signature says that the provider sent it, not for whom.',
    'Name what is yours: the topic in `when` for Amazon SNS, the service account (email or sub) in jwt.claims for OIDC tokens.',
  ),
  'signature-weak': warning(
    'a weak algorithm',
    'The algorithm or scheme is weaker than what providers use today.',
    'Use HMAC with SHA-256 where the provider offers it.',
  ),
  unauthenticated: error(
    'a live connector without proof of origin',
    'Anyone who learns the URL could send cards to your customers. Allowed addresses alone do not help: providers share them.',
    'Add security.signature; security.urlKey where the sender can do no more than call a URL; or say why it is acceptable with security.unauthenticated: "<why>".',
  ),
  'unauthenticated-accepted': warning(
    'anyone can call this connector',
    'The file accepts requests without proof of origin; this line keeps that visible.',
    'Add security.signature as soon as the sender can sign or send a token.',
  ),

  // Events
  'events-of-invalid': error(
    'a connector without a URL does not fit the one whose events it takes',
    '`eventsOf` names the connector that has the URL and its security. Only a connector that is there, has a URL and is as live as this one brings events, and only one of the two says what belongs to the URL.',
    'Name a connector that has a URL, move security, methods and limits there, and say in `when` which of its events are meant. `mapping: none` is for a URL whose events others take.',
  ),
  'events-of-shared': error(
    'two connectors would take the same events',
    'Of the connectors that share a URL the first by id whose `when` holds takes an event. A sample that two of them would take shows that one never gets what it was written for.',
    'Make the conditions under `when` differ.',
  ),
  'idempotency-missing': error(
    'a live connector without an event id',
    "Without the event's id a provider's retry makes a second card.",
    'Add idempotency: {path: $.id} or {header: ...}. `body` merges events whose bodies are equal; `none` accepts second cards.',
  ),
  'idempotency-none': warning(
    'a retry makes a second card',
    'With `idempotency: none` every request is an event of its own, and providers retry when an answer gets lost.',
    'Name the event id with {path: ...} or {header: ...}, or use `body`.',
  ),
  'idempotency-constant': warning(
    'the event id is the same for many events',
    'The target starts nothing twice for one id: every event after the first would be taken for the same one sent again, and nobody would get its card.',
    'Name what is another for each event, such as {path: $.id}, or use `body`. Where a sample is a copy of another, give it an id of its own.',
  ),
  'idempotency-unsigned': error(
    'the event id is a header that nothing proves',
    'Whoever records one signed request could send it again under new ids, and each would make a card.',
    'Use an id from the body, {path: ...}, or `body`; or a header that the signature covers.',
  ),
  'test-when-unsigned': warning(
    'test traffic is told by a header that nothing proves',
    'Whoever records a signed test event could send it again with another header, or without it, and it would make a real card.',
    'Use a path in the body, as in testWhen: { path: $.livemode, equals: false }, or a header that the signature covers.',
  ),
  'when-through-split': error(
    'a condition on one element decides for the whole batch',
    '`when` and `testWhen` read the whole request: of a batch, an element behind another one would be lost, or make a card that nobody wanted.',
    'Ask it of each element, under `split`: { list, when, testWhen }.',
  ),
  'when-unreachable': error(
    'conditions that no request can meet',
    'All entries of `when` must hold; these exclude each other, so every request would be ignored.',
    'Use `in` for alternatives: {path: $.type, in: [a, b]}.',
  ),

  // Scripts
  'script-invalid': error(
    'the mapping script does not load',
    'The file, or one that it imports, is no JavaScript or TypeScript, so every request would be held.',
    'Correct the place shown.',
  ),
  'script-default-missing': error(
    'the mapping script does not export its function',
    'What maps a request is the function that the file exports as default; without one every request would be held.',
    'Export one function: export default function map(request) { return trigger }.',
  ),
  'script-import-refused': error(
    "a mapping script reaches outside the connector's folder",
    'A script runs without packages, files, network and Node, the same everywhere; what it imports is compiled into it when the bundle is built.',
    "Import only .js, .mjs, .ts and .json files of the connector's own folder, at the top of the file and with their ending: import { name } from './names.js'.",
  ),
  'script-source-map-refused': error(
    'a mapping script names a source map',
    'The compiler would read the file that such a comment names, or believe the map that it holds: problems would point at other files than those of the connector.',
    'Take the comment out; compile without source maps (tsc: "sourceMap": false), or let Sluice compile the .ts file itself. Where the words stand in a text, divide it.',
  ),
  'script-await-refused': error(
    'a mapping script waits while it loads',
    'A script is loaded anew for each request and has nothing to wait for: no timers, files or network.',
    'Move the await into the function, or do without.',
  ),
  'script-too-large': error(
    'a mapping script is over the size limit',
    'Every process that runs scripts keeps them whole. A script and what it imports may be 32 files with 512 KiB in all, and 256 KiB once compiled.',
    'Leave out what the mapping does not need; a table that large belongs into the Action Flow or the service behind it.',
  ),
  'script-compiler-missing': error(
    'scripts cannot be compiled on this machine',
    'The package esbuild, which compiles scripts, has a program for each platform in an optional package of its own; it is not installed here. A runtime that serves a bundle does without.',
    'Install without --omit=optional, on the machine that compiles.',
  ),
  'script-suspicious': warning(
    'something in a mapping script is probably a mistake',
    'The code is valid, but can hardly do what it seems to: a comparison that is always false, an import that is always undefined.',
    'Correct the place shown.',
  ),
  'script-failed': error(
    'the mapping script fails on a sample',
    'A request like this sample would be held.',
    'Mend the script at the place shown; `sluice preview <id>` runs it again.',
  ),
  'script-untraced': warning(
    'what the script reads is not known',
    'No read of the payload could be seen while the script ran on the samples, so missing fields are only noticed when the script fails.',
    'List what the script needs under `shape.required`.',
  ),

  // Silence
  'silence-refused': error(
    'a code that cannot be silenced',
    'An error stops the connector from working, so hiding it would help nobody; and a list of silenced warnings that hides its own leftovers could not be trusted.',
    'Remove the entry, and correct what is reported.',
  ),
  'silence-code-unknown': error(
    'an unknown code under `silence`',
    'The entry would silence nothing, while it seems to.',
    'Correct the code; `sluice explain` lists all of them.',
  ),
  'silence-unused': warning(
    'an entry of `silence` has nothing to silence',
    'The warning is no longer reported; the entry would hide it when it comes back for another reason.',
    'Remove the entry.',
  ),

  // Cases
  'cases-too-many': error(
    'a connector has too many case files',
    'Limits keep a check of an untrusted pull request bounded: a connector may have 200 case files.',
    'Put several cases into one file: a case file may hold a list of them.',
  ),
  'case-invalid': error(
    'a case file is not valid',
    'A case that cannot be read proves nothing.',
    'Correct the place shown; schemas/case.schema.json describes the form.',
  ),
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof CODES;
