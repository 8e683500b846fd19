{{/* Labels of an object: the platform's, the section's, then its own. Takes (list global section own). */}}
{{- define "streaming.labels" -}}
{{- merge (dict) (index . 2) ((index . 1).labels | default dict) (index . 0).labels | toYaml -}}
{{- end -}}

{{/* How Strimzi shows metrics to Prometheus. */}}
{{- define "streaming.reporter" -}}
type: strimziMetricsReporter
values:
  allowList:
    - "kafka_.*"
{{- end -}}

{{/* How a client of Kafka knows the brokers, and they know it. Takes (kafka user). */}}
{{- define "streaming.client" -}}
tls:
  trustedCertificates:
    - secretName: {{ (index . 0).name }}-cluster-ca-cert
      certificate: ca.crt
authentication:
  type: scram-sha-512
  username: {{ index . 1 | quote }}
  passwordSecret:
    secretName: kafka-{{ index . 1 }}
    password: password
{{- end -}}
