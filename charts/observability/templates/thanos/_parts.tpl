{{/* The pods of one part of Thanos. Takes (list global thanos part stateful). */}}
{{- define "observability.thanos.pod" -}}
{{- $global := index . 0 }}{{ $thanos := index . 1 }}{{ $part := index . 2 }}{{ $stateful := index . 3 -}}
metadata:
  labels:
    {{- include "rosace.labels" (list $global $part dict) | nindent 4 }}
  {{- if $stateful }}
  annotations:
    {{- include "rosace.read" (list $thanos.objstore) | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ $part.name | quote }}
  automountServiceAccountToken: false
  {{- toYaml $part.pod | nindent 2 }}
  containers:
    - name: thanos
      image: {{ $thanos.image | quote }}
      args:
        - {{ $part.command | quote }}
        {{- range $name, $value := $part.flags }}
        - {{ if $value }}{{ printf "--%s=%s" $name $value | quote }}{{ else }}{{ printf "--%s" $name | quote }}{{ end }}
        {{- end }}
        {{- range $part.endpoints }}
        - {{ printf "--endpoint=%s" . | quote }}
        {{- end }}
      securityContext:
        {{- toYaml $global.containerSecurity | nindent 8 }}
      ports:
        - name: http
          containerPort: {{ $thanos.http }}
        - name: grpc
          containerPort: {{ $thanos.grpc }}
      {{- if $stateful }}
      env:
        {{- range $name, $key := $thanos.credentials.variables }}
        - name: {{ $name | quote }}
          valueFrom:
            secretKeyRef:
              name: {{ $thanos.credentials.secret | quote }}
              key: {{ $key | quote }}
        {{- end }}
      {{- end }}
      startupProbe:
        httpGet:
          path: /-/ready
          port: http
        failureThreshold: 60
      readinessProbe:
        httpGet:
          path: /-/ready
          port: http
      livenessProbe:
        httpGet:
          path: /-/healthy
          port: http
        failureThreshold: 6
      resources:
        {{- toYaml $part.resources | nindent 8 }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- if $part.certificate }}
        - name: store-tls
          mountPath: {{ $thanos.tls.path | quote }}
          readOnly: true
        {{- end }}
        {{- if $stateful }}
        - name: data
          mountPath: /var/thanos
        - name: objstore
          mountPath: /etc/thanos
          readOnly: true
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {}
    {{- if $part.certificate }}
    - name: store-tls
      secret:
        secretName: {{ $thanos.tls.secret | quote }}
    {{- end }}
    {{- if $stateful }}
    - name: objstore
      configMap:
        name: thanos-objstore
    {{- end }}
{{- end -}}

{{/* Account, service and budget of one part. Takes the same. */}}
{{- define "observability.thanos.around" -}}
{{- $global := index . 0 }}{{ $thanos := index . 1 }}{{ $part := index . 2 }}{{ $stateful := index . 3 -}}
{{- $labels := include "rosace.labels" (list $global $part dict) -}}
{{ include "rosace.account" (list $labels $part.name $thanos.namespace) }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $part.name | quote }}
  namespace: {{ $thanos.namespace | quote }}
  labels:
    {{- $labels | nindent 4 }}
spec:
  {{- if $stateful }}
  clusterIP: None
  {{- end }}
  selector:
    {{- toYaml $part.labels | nindent 4 }}
  ports:
    - name: http
      port: {{ $thanos.http }}
      targetPort: http
    - name: grpc
      port: {{ $thanos.grpc }}
      targetPort: grpc
{{- if gt (int $part.replicas) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $part.name | quote }}
  namespace: {{ $thanos.namespace | quote }}
  labels:
    {{- $labels | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- toYaml $part.labels | nindent 6 }}
{{- end }}
{{- end -}}
