/** The use of each kind, in a sentence. Kinds that are not listed are shown by their name alone. */
const sentences: Readonly<Record<string, string>> = {
  webhook: "An HTTPS address of yours gets each event by POST, signed.",
  postgres: "Tables in your PostgreSQL: one row a record, kept up to date.",
  mysql: "Tables in your MySQL or MariaDB: one row a record, kept up to date.",
  supabase: "A bucket and tables in your Supabase project.",
  mongodb: "Collections in your MongoDB, updated in place.",
  firestore: "Documents in your Firestore, updated in place.",
  s3: "Objects in an S3 bucket, by day and type. Also R2, MinIO and Ceph.",
  gcs: "Objects in a Google Cloud Storage bucket, by day and type.",
  "azure-blob": "Objects in an Azure Blob container, by day and type.",
  fhir: "Observations on a FHIR R4 server, updated in place.",
  sqs: "Messages on an SQS queue.",
  kafka: "Messages on a Kafka topic, keyed by person.",
};

export const sentenceOf = (kind: string): string => sentences[kind] ?? "";
