{{/* A Flink cluster, without its job. Takes (global flink name told annotations). */}}
{{- define "processing.flink.cluster" -}}
{{- $global := index . 0 }}{{ $flink := index . 1 }}{{ $name := index . 2 }}{{ $told := index . 3 -}}
image: {{ $flink.image | quote }}
imagePullPolicy: IfNotPresent
flinkVersion: {{ $flink.version | quote }}
mode: native
serviceAccount: {{ $told.serviceAccount | quote }}
restartNonce: {{ $flink.restartNonce }}
flinkConfiguration:
  {{- toYaml $told.config | nindent 2 }}
logConfiguration:
  log4j-console.properties: {{ $flink.logging | quote }}
podTemplate:
  apiVersion: v1
  kind: Pod
  metadata:
    labels:
      {{- include "rosace.labels" (list $global $flink (dict "rosace.io/job" $name)) | nindent 6 }}
    {{- with index . 4 }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    {{- toYaml $flink.pod | nindent 4 }}
    {{- with $told.affinity }}
    affinity:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    initContainers:
      - {{- include "processing.prepare" (list $global $flink $told.volumes $told.prepare) | nindent 8 }}
    containers:
      - name: flink-main-container
        env:
          {{- include "processing.env" $told.env | nindent 10 }}
        ports:
          - name: metrics
            containerPort: {{ int $flink.metricsPort }}
        securityContext:
          {{- toYaml $global.containerSecurity | nindent 10 }}
        volumeMounts:
          {{- include "processing.mounts" $told.volumes | nindent 10 }}
    volumes:
      {{- include "processing.volumes" $told.volumes | nindent 6 }}
jobManager:
  replicas: {{ $told.jobManager.replicas }}
  resource:
    cpu: {{ $told.jobManager.cpu }}
    memory: {{ $told.jobManager.memory | quote }}
  podTemplate:
    {{- include "processing.flink.probes" (list (dict "httpGet" (dict "path" "/config" "port" (int $flink.restPort))) (int $flink.restPort)) | nindent 4 }}
taskManager:
  resource:
    cpu: {{ $told.taskManager.cpu }}
    memory: {{ $told.taskManager.memory | quote }}
  podTemplate:
    {{- include "processing.flink.probes" (list (dict "tcpSocket" (dict "port" (int $flink.taskPort))) (int $flink.metricsPort)) | nindent 4 }}
{{- end -}}

{{/* Takes (how it is asked whether it is ready, the port at which it listens while it is alive). */}}
{{- define "processing.flink.probes" -}}
apiVersion: v1
kind: Pod
spec:
  containers:
    - name: flink-main-container
      readinessProbe:
        {{- toYaml (index . 0) | nindent 8 }}
        periodSeconds: 5
        timeoutSeconds: 3
      livenessProbe:
        tcpSocket:
          port: {{ index . 1 }}
        initialDelaySeconds: 90
        periodSeconds: 20
        timeoutSeconds: 5
{{- end -}}
