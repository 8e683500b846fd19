{{/* One step of a backup. Takes (list global name said). */}}
{{- define "backup.step" -}}
{{- $said := index . 2 -}}
- name: {{ index . 1 | quote }}
  image: {{ $said.image | quote }}
  command: ["sh", "-c", {{ toJson $said.script }}]
  env:
    {{- include "rosace.variables" $said.env.secrets | nindent 4 }}
    {{- range $name, $value := $said.env.plain }}
    - name: {{ $name | quote }}
      value: {{ $value | quote }}
    {{- end }}
  resources:
    {{- toYaml $said.resources | nindent 4 }}
  securityContext:
    {{- toYaml (index . 0).containerSecurity | nindent 4 }}
  volumeMounts:
    - name: copy
      mountPath: /copy
    - name: temporary
      mountPath: /tmp
{{- end -}}
