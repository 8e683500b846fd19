{{/* The text of a properties file. */}}
{{- define "query.properties" -}}
{{- range $name, $value := . }}
{{ $name }}={{ $value }}
{{- end }}
{{- end -}}

{{/* The pods of a role. Takes (dict "root" $ "trino" section "role" name "part" its values). */}}
{{- define "query.trino.pod" -}}
{{- $trino := .trino }}
{{- $own := dict "app.kubernetes.io/name" $trino.name "app.kubernetes.io/component" .role }}
metadata:
  labels:
    {{- include "rosace.labels" (list .root.Values.global $trino $own) | nindent 4 }}
  annotations:
    {{- $read := list .part.config .part.jvm $trino.node $trino.log $trino.access $trino.kafka $trino.catalogs $trino.topics }}
    {{- include "rosace.read" (ternary (append $read $trino.resourceGroups) $read (eq .role "coordinator")) | nindent 4 }}
spec:
  serviceAccountName: {{ $trino.name | quote }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    {{- toYaml $trino.securityContext | nindent 4 }}
  {{- if eq .role "worker" }}
  terminationGracePeriodSeconds: {{ .part.endSeconds }}
  topologySpreadConstraints:
    {{- toYaml .part.topologySpreadConstraints | nindent 4 }}
  {{- else }}
  terminationGracePeriodSeconds: 60
  {{- end }}
  containers:
    - name: trino
      image: {{ $trino.image | quote }}
      env:
        {{- include "rosace.variables" $trino.environment | nindent 8 }}
      ports:
        - name: http
          containerPort: {{ $trino.port }}
          protocol: TCP
      {{- if eq .role "worker" }}
      # The coordinator gives it no more tasks, those that it has are finished, then it ends by itself.
      lifecycle:
        preStop:
          exec:
            command:
              - sh
              - -c
              - |
                curl --silent --show-error --request PUT --data '"SHUTTING_DOWN"' --header 'Content-Type: application/json' \
                  http://localhost:{{ $trino.port }}/v1/info/state
                while curl --silent --fail --output /dev/null http://localhost:{{ $trino.port }}/v1/info; do sleep 2; done
      {{- end }}
      startupProbe:
        exec:
          command: [/usr/lib/trino/bin/health-check]
        timeoutSeconds: 5
        periodSeconds: 5
        failureThreshold: 60
      readinessProbe:
        exec:
          command: [/usr/lib/trino/bin/health-check]
        timeoutSeconds: 5
        periodSeconds: 10
      livenessProbe:
        httpGet:
          path: /v1/info
          port: http
        timeoutSeconds: 5
        periodSeconds: 20
        failureThreshold: 6
      resources:
        {{- toYaml .part.resources | nindent 8 }}
      securityContext:
        {{- toYaml .root.Values.global.containerSecurity | nindent 8 }}
      volumeMounts:
        - name: configuration
          mountPath: /etc/trino
          readOnly: true
        - name: catalogs
          mountPath: /etc/trino/catalog
          readOnly: true
        - name: topics
          mountPath: /etc/trino/kafka
          readOnly: true
        - name: data
          mountPath: /data/trino
        - name: temporary
          mountPath: /tmp
        {{- range $name, $secret := $trino.kafka.secrets }}
        - name: kafka-{{ $name }}
          mountPath: /etc/kafka/{{ $name }}
          readOnly: true
        {{- end }}
  volumes:
    - name: configuration
      configMap:
        name: {{ $trino.name }}-{{ .role }}
    - name: catalogs
      configMap:
        name: {{ $trino.name }}-catalogs
    - name: topics
      configMap:
        name: {{ $trino.name }}-topics
    - name: data
      emptyDir: {}
    - name: temporary
      emptyDir: {}
    {{- range $name, $secret := $trino.kafka.secrets }}
    - name: kafka-{{ $name }}
      secret:
        secretName: {{ $secret | quote }}
        defaultMode: 0440
    {{- end }}
{{- end -}}
