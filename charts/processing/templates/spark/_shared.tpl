{{/* The labels that select pods of a role of the shared cluster. Takes (spark role). */}}
{{- define "processing.shared.match" -}}
app.kubernetes.io/name: {{ (index . 0).shared.name | quote }}
app.kubernetes.io/component: {{ index . 1 | quote }}
{{- end -}}

{{/* Labels of an object of the shared cluster. Takes (global spark role). */}}
{{- define "processing.shared.labels" -}}
{{- $match := include "processing.shared.match" (list (index . 1) (index . 2)) | fromYaml -}}
{{- include "rosace.labels" (list (index . 0) (index . 1) $match) -}}
{{- end -}}

{{/* A pod of the shared cluster. Takes (global spark role). */}}
{{- define "processing.shared.pod" -}}
{{- $global := index . 0 }}{{ $spark := index . 1 }}{{ $role := index . 2 -}}
{{- $told := index $spark.shared $role -}}
metadata:
  labels:
    {{- toYaml $global.labels | nindent 4 }}
    {{- include "processing.shared.match" (list $spark $role) | nindent 4 }}
  annotations:
    rosace.io/sum: {{ include "processing.sum" $spark.shared.files | quote }}
spec:
  serviceAccountName: {{ $spark.shared.name }}-{{ $role }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $told.grace }}
  {{- toYaml $spark.pod | nindent 2 }}
  topologySpreadConstraints:
    {{- toYaml $told.spread | nindent 4 }}
  initContainers:
    - {{- include "processing.prepare" (list $global $spark $told.volumes $told.prepare) | nindent 6 }}
  containers:
    - name: {{ $role | quote }}
      image: {{ $spark.image | quote }}
      imagePullPolicy: IfNotPresent
      command:
        {{- toYaml $told.command | nindent 8 }}
      env:
        {{- include "processing.env" $told.env | nindent 8 }}
      ports:
        {{- include "processing.ports" $told.ports | nindent 8 }}
      resources:
        {{- toYaml $told.resources | nindent 8 }}
      securityContext:
        {{- toYaml $global.containerSecurity | nindent 8 }}
      readinessProbe:
        tcpSocket:
          port: {{ $told.probe.ready }}
        periodSeconds: 5
        timeoutSeconds: 3
      livenessProbe:
        tcpSocket:
          port: {{ $told.probe.live }}
        initialDelaySeconds: 90
        periodSeconds: 20
        timeoutSeconds: 5
      {{- with $told.preStop }}
      lifecycle:
        preStop:
          exec:
            command:
              {{- toYaml . | nindent 14 }}
      {{- end }}
      volumeMounts:
        {{- include "processing.mounts" $told.volumes | nindent 8 }}
  volumes:
    {{- include "processing.volumes" $told.volumes | nindent 4 }}
{{- end -}}
