{{/* Asks a MinIO server how it is. Takes (list port path failures). */}}
{{- define "storage.minio.probe" -}}
httpGet:
  path: {{ index . 1 | quote }}
  port: {{ int (index . 0) }}
periodSeconds: 10
timeoutSeconds: 5
failureThreshold: {{ index . 2 }}
{{- end -}}

{{/* The files that bring a tenant to what its values say, as YAML. Takes (list minio tenant). */}}
{{- define "storage.minio.files" -}}
{{- $files := dict "setup.sh" (index . 0).setup.script -}}
{{- $buckets := "" -}}
{{- range $name, $bucket := (index . 1).buckets -}}
{{- $buckets = printf "%s%s %s\n" $buckets $name (ternary "on" "off" $bucket.versioning) -}}
{{- end -}}
{{- $_ := set $files "buckets" $buckets -}}
{{- range $name, $rules := (index . 1).lifecycles -}}
{{- $_ := set $files (printf "lifecycle-%s.json" $name) (toJson $rules) -}}
{{- end -}}
{{- range $name, $client := (index . 1).clients -}}
{{- $_ := set $files (printf "policy-%s.json" $name) (toJson $client.policy) -}}
{{- end -}}
{{- range $name, $tier := (index . 1).tiers -}}
{{- $place := $tier.kind -}}
{{- range $key := list "endpoint" "bucket" "prefix" "region" "storageClass" -}}
{{- with index $tier $key -}}
{{- $place = printf "%s --%s %s" $place (kebabcase $key) . -}}
{{- end -}}
{{- end -}}
{{- $_ := set $files (printf "tier-%s" $name) (printf "%s\n" $place) -}}
{{- end -}}
{{- toYaml $files }}{{ "\n" }}
{{- end -}}

{{/* A short name for the content of files. Takes them as a mapping. */}}
{{- define "storage.digest" -}}
{{- $texts := list -}}
{{- range $_, $text := . -}}
{{- $texts = append $texts $text -}}
{{- end -}}
{{- join "\n" $texts | sha256sum | trunc 10 -}}
{{- end -}}

{{/* A user's secret in a folder of its own. Takes (list secret folder). */}}
{{- define "storage.keys" -}}
- secret:
    name: {{ index . 0 | quote }}
    items:
      - key: access-key
        path: {{ index . 1 }}/access-key
      - key: secret-key
        path: {{ index . 1 }}/secret-key
{{- end -}}

{{/* The files that SeaweedFS reads, as YAML. Takes its section. */}}
{{- define "storage.seaweedfs.files" -}}
{{- $files := dict -}}
{{- range $name, $text := .files -}}
{{- $_ := set $files $name $text -}}
{{- end -}}
{{- range $client, $words := .clients -}}
{{- $_ := set $files (printf "actions-%s.json" $client) (toJson $words.actions) -}}
{{- end -}}
{{- toYaml $files }}{{ "\n" }}
{{- end -}}

{{/* Labels by which the pods of a kind are found. Takes (list seaweedfs kind). */}}
{{- define "storage.seaweedfs.pods" -}}
app.kubernetes.io/name: {{ (index . 0).name | quote }}
app.kubernetes.io/component: {{ index . 1 | quote }}
{{- end -}}

{{/* What all pods of SeaweedFS have, its Job's, too. Takes its section. */}}
{{- define "storage.seaweedfs.pod" -}}
serviceAccountName: {{ .name | quote }}
automountServiceAccountToken: false
terminationGracePeriodSeconds: 60
securityContext:
  {{- toYaml .securityContext | nindent 2 }}
{{- end -}}

{{- define "storage.seaweedfs.volumes" -}}
- name: configuration
  configMap:
    name: {{ .name | quote }}
- name: temporary
  emptyDir:
    sizeLimit: 100Mi
{{- end -}}

{{/* Asks a server how it is. Takes (list words failures). */}}
{{- define "storage.seaweedfs.probe" -}}
httpGet:
  path: {{ (index . 0).health | quote }}
  port: {{ ternary "s3" "http" (hasKey (index . 0).ports "s3") }}
initialDelaySeconds: 10
periodSeconds: 10
timeoutSeconds: 5
failureThreshold: {{ index . 1 }}
{{- end -}}
