{{/* A pod of `helm test`, but for its containers and volumes. Takes (list global section name namespace). */}}
{{- define "serving.test" -}}
{{- $section := index . 1 -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ index . 2 }}-test
  namespace: {{ index . 3 | quote }}
  labels:
    {{- include "serving.labels" (list (index . 0) $section $section.test.labels) | nindent 4 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  activeDeadlineSeconds: {{ int $section.test.deadlineSeconds }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  restartPolicy: Never
  securityContext:
    {{- toYaml $section.test.securityContext | nindent 4 }}
{{- end -}}

{{/* What its containers get and may do. Takes (list global section). */}}
{{- define "serving.test.container" -}}
resources:
  {{- toYaml (index . 1).test.resources | nindent 2 }}
securityContext:
  {{- toYaml (index . 0).containerSecurity | nindent 2 }}
{{- end -}}
