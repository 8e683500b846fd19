{{/* One application. Takes (global spark name job config sum), `sum` being that of its files. */}}
{{- define "processing.spark.application" -}}
{{- $global := index . 0 }}{{ $spark := index . 1 }}{{ $name := index . 2 }}{{ $job := index . 3 -}}
type: Python
mode: cluster
pythonVersion: "3"
sparkVersion: {{ $spark.version | quote }}
image: {{ $spark.image | quote }}
imagePullPolicy: IfNotPresent
mainApplicationFile: local://{{ $spark.runner }}/boot.py
arguments:
  {{- toYaml $job.arguments | nindent 2 }}
restartPolicy:
  {{- toYaml $job.restart | nindent 2 }}
sparkConf:
  {{- toYaml (index . 4) | nindent 2 }}
{{- with $job.dynamicAllocation }}
dynamicAllocation:
  {{- toYaml . | nindent 2 }}
{{- end }}
driver:
  serviceAccount: {{ $job.serviceAccount | quote }}
  {{- include "processing.spark.role" (list $global $spark $name $job "driver" (index . 5)) | nindent 2 }}
executor:
  {{- with $job.executor.instances }}
  instances: {{ . }}
  {{- end }}
  {{- include "processing.spark.role" (list $global $spark $name $job "executor" (index . 5)) | nindent 2 }}
{{- end -}}

{{/* A driver or its executors. Takes (global spark name job role sum). */}}
{{- define "processing.spark.role" -}}
{{- $global := index . 0 }}{{ $spark := index . 1 }}{{ $name := index . 2 }}{{ $job := index . 3 }}{{ $role := index . 4 -}}
{{- $told := index $job $role -}}
cores: {{ $told.cores }}
coreRequest: {{ $told.coreRequest | quote }}
{{- with $told.coreLimit }}
coreLimit: {{ . | quote }}
{{- end }}
memory: {{ $told.memory | quote }}
memoryOverhead: {{ $told.memoryOverhead | quote }}
labels:
  {{- include "rosace.labels" (list $global $spark (dict "app.kubernetes.io/component" $role "rosace.io/job" $name)) | nindent 2 }}
annotations:
  rosace.io/sum: {{ index . 5 | quote }}
template:
  spec:
    {{- include "processing.spark.pod" (list $global $spark (printf "spark-kubernetes-%s" $role) (eq $role "driver") $job.volumes (merge (pick $job "affinity") $told) dict) | nindent 4 }}
{{- end -}}

{{/* What Spark itself does not write of a pod. Takes (global spark container token volumes told main), `main` being
more fields of the container. */}}
{{- define "processing.spark.pod" -}}
{{- $global := index . 0 }}{{ $spark := index . 1 }}{{ $volumes := index . 4 }}{{ $told := index . 5 -}}
automountServiceAccountToken: {{ index . 3 }}
{{ toYaml $spark.pod }}
{{- with $told.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
initContainers:
  - {{- include "processing.prepare" (list $global $spark $volumes $told.prepare) | nindent 4 }}
containers:
  - name: {{ index . 2 | quote }}
    {{- with index . 6 }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    env:
      {{- include "processing.env" $told.env | nindent 6 }}
    securityContext:
      {{- toYaml $global.containerSecurity | nindent 6 }}
    volumeMounts:
      {{- include "processing.mounts" $volumes | nindent 6 }}
volumes:
  {{- include "processing.volumes" $volumes | nindent 2 }}
{{- end -}}

{{/* Ports of a container, by name. */}}
{{- define "processing.ports" -}}
{{- range $name, $port := . }}
- name: {{ $name | quote }}
  containerPort: {{ $port }}
{{- end }}
{{- end -}}
