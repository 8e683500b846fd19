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

{{/* What all workers of Connect get and show. Takes one kind of them. */}}
{{- define "streaming.workers" -}}
resources:
  {{- toYaml .resources | nindent 2 }}
jvmOptions:
  {{- toYaml .jvm | nindent 2 }}
metricsConfig:
  type: strimziMetricsReporter
  values:
    allowList:
      - "kafka_connect_.*"
{{- end -}}
