// Discovers the services, fills their prefetch templates and calls them, all as @medplum/core does it.
// node client.mjs SERVICE FHIR CONTEXT...    each CONTEXT a JSON object {hook, context}; prints one JSON line each.

// The package wants a browser or Node.js 22 when it is loaded; nothing here opens a socket.
globalThis.WebSocket ??= class WebSocket extends EventTarget {};
const { MedplumClient, buildCdsRequest } = await import('@medplum/core');

const [service, fhir, ...calls] = process.argv.slice(2);
const medplum = new MedplumClient({
  baseUrl: `${service}/`,
  fhirUrlPath: fhir,
  cdsServicesUrl: `${service}/cds-services`,
  fetch,
});
const { services } = await medplum.getCdsServices();
for (const call of calls.map((text) => JSON.parse(text))) {
  const found = services.find((one) => one.hook === call.hook);
  const request = await buildCdsRequest(medplum, { resourceType: 'Practitioner', id: 'p1' }, found, call.context);
  const { cards } = await medplum.callCdsService(found.id, request);
  const prefetched = Object.keys(request.prefetch ?? {});
  console.log(JSON.stringify({ service: found.id, prefetched, summaries: cards.map((card) => card.summary) }));
}
