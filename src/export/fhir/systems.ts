/** The URLs of our own, all under the base that the operator configured. */
export interface Systems {
  /** The code system with all codes of our own. */
  readonly codes: string;
  /** Identifiers of persons: the value is the user_id. */
  readonly person: string;
  /** Identifiers of persons: the value is the developer's own id, the reference_id. */
  readonly reference: string;
  /** Identifiers of Observations and Devices: the value is a UUIDv5. */
  readonly resource: string;
  /** Tags with the record's revision. */
  readonly revision: string;
  /** The extension with a local time whose offset is not known. */
  readonly localTime: string;
}

export function systemsOf(fhirBase: string): Systems {
  const base = fhirBase.replace(/\/+$/, "");
  return {
    codes: `${base}/CodeSystem/systole`,
    person: `${base}/identifier/user`,
    reference: `${base}/identifier/reference`,
    resource: `${base}/identifier/resource`,
    revision: `${base}/identifier/revision`,
    localTime: `${base}/StructureDefinition/local-time`,
  };
}
