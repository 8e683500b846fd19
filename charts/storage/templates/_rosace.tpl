{{/* Derived from charts/shared/_rosace.tpl by tools/charts.py: edit that, then run it. */}}
{{/* Labels of an object: the platform's, the section's, then its own. Takes (list global section own). */}}
{{- define "rosace.labels" -}}
{{- merge (dict) (index . 2) ((index . 1).labels | default dict) (index . 0).labels | toYaml -}}
{{- end -}}

{{/* The annotation by which a pod becomes a new one when what it reads at its start changes. Takes a list of all that. */}}
{{- define "rosace.read" -}}
rosace.io/sum: {{ toJson . | sha256sum | trunc 16 | quote }}
{{- end -}}

{{/* Environment variables from secrets. Takes a mapping of variables to secret and key. */}}
{{- define "rosace.variables" -}}
{{- range $name, $from := . }}
- name: {{ $name | quote }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.secret | quote }}
      key: {{ $from.key | quote }}
{{- end }}
{{- end -}}

{{/* The claim of a volume: size, and class where one is said. */}}
{{- define "rosace.claim" -}}
accessModes:
  - ReadWriteOnce
{{- with .class }}
storageClassName: {{ . | quote }}
{{- end }}
resources:
  requests:
    storage: {{ .size | quote }}
{{- end -}}

{{/* An account whose token no pod gets by itself. Takes (list labels name namespace), `labels` as text. */}}
{{- define "rosace.account" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ index . 1 | quote }}
  namespace: {{ index . 2 | quote }}
  labels:
    {{- index . 0 | nindent 4 }}
automountServiceAccountToken: false
{{- end -}}

{{/* A role in a namespace, and who has it. Takes (list labels name namespace rules accounts), `labels` as text and
`accounts` as a list of (list name namespace). */}}
{{- define "rosace.role" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ index . 1 | quote }}
  namespace: {{ index . 2 | quote }}
  labels:
    {{- index . 0 | nindent 4 }}
rules:
  {{- toYaml (index . 3) | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ index . 1 | quote }}
  namespace: {{ index . 2 | quote }}
  labels:
    {{- index . 0 | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ index . 1 | quote }}
subjects:
  {{- range index . 4 }}
  - kind: ServiceAccount
    name: {{ index . 0 | quote }}
    namespace: {{ index . 1 | quote }}
  {{- end }}
{{- end -}}

{{/* A pod of `helm test`, but for its containers and volumes. Takes (list global section name namespace). */}}
{{- define "rosace.test" -}}
{{- $section := index . 1 -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ index . 2 }}
  namespace: {{ index . 3 | quote }}
  labels:
    {{- include "rosace.labels" (list (index . 0) $section $section.test.labels) | nindent 4 }}
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
{{- define "rosace.test.container" -}}
resources:
  {{- toYaml (index . 1).test.resources | nindent 2 }}
securityContext:
  {{- toYaml (index . 0).containerSecurity | nindent 2 }}
{{- end -}}

{{/* The objects of a file as they are laid out. Takes (list root section name), `name` being the template that holds the
file. Each object says which release and which version of the chart it is of; pods do not, they would be new with each. What
a section says of its pods (`nodeSelector`, `podLabels`, ...) is put into every pod that the file makes. */}}
{{- define "rosace.objects" -}}
{{- $root := index . 0 }}{{ $said := index $root.Values (index . 1) | default dict }}{{ $text := include (index . 2) $root -}}
{{- $chart := printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 -}}
{{- $release := printf "app.kubernetes.io/instance: %s" $root.Release.Name -}}
{{- $more := pick $said "imagePullSecrets" "nodeSelector" "tolerations" "affinity" "podAnnotations" "podLabels" "extraEnv" "extraVolumes" "extraVolumeMounts" -}}
{{- range $number, $text := regexSplit "(?m)^---\\s*$" $text -1 }}
{{- if $number }}
---
{{ end }}
{{- $head := regexFind "(?m)^metadata:\n(?:  .*\n)*" $text -}}
{{- $labels := ternary (list) (list $release) (contains "\n    app.kubernetes.io/instance:" $head) -}}
{{- $labels = append $labels (printf "helm.sh/chart: %s" $chart) | join "\n    " | printf "${1}    %s\n" -}}
{{- $text = regexReplaceAll "(?m)^(metadata:\n(?:  .*\n)*?  labels:\n)" $text $labels -}}
{{- $one := dict }}{{ if $more }}{{ $one = fromYaml $text }}{{ end -}}
{{- if and $more (has $one.kind (include "rosace.kinds" . | fromYamlArray)) -}}
{{- include "rosace.shaped" (list $more $one) -}}
{{- else -}}
{{- $text -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The kinds of objects that are pods, or of which there will be pods. */}}
{{- define "rosace.kinds" -}}
[Alertmanager, CronJob, DaemonSet, Deployment, FlinkDeployment, Job, Kafka, KafkaConnect, KafkaMirrorMaker2, KafkaNodePool,
Pod, Prometheus, ScheduledSparkApplication, SparkApplication, SparkConnect, StatefulSet, Tenant]
{{- end -}}

{{/* An object, with more in its pods. Takes (list more object). */}}
{{- define "rosace.shaped" -}}
{{- $more := index . 0 }}{{ $one := index . 1 }}{{ $spec := $one.spec -}}
{{- if has $one.kind (list "Deployment" "StatefulSet" "DaemonSet" "Job") -}}
{{- include "rosace.pod" (list $more $spec.template) -}}
{{- else if eq $one.kind "CronJob" -}}
{{- include "rosace.pod" (list $more $spec.jobTemplate.spec.template) -}}
{{- else if eq $one.kind "Pod" -}}
{{- include "rosace.pod" (list $more $one) -}}
{{- else if eq $one.kind "FlinkDeployment" -}}
{{- include "rosace.pod" (list $more $spec.podTemplate) -}}
{{- else if eq $one.kind "SparkApplication" -}}
{{- include "rosace.pod" (list $more $spec.driver.template) }}{{ include "rosace.pod" (list $more $spec.executor.template) -}}
{{- else if eq $one.kind "ScheduledSparkApplication" -}}
{{- include "rosace.pod" (list $more $spec.template.driver.template) }}{{ include "rosace.pod" (list $more $spec.template.executor.template) -}}
{{- else if eq $one.kind "SparkConnect" -}}
{{- include "rosace.pod" (list $more $spec.server.template) }}{{ include "rosace.pod" (list $more $spec.executor.template) -}}
{{- else if has $one.kind (list "Prometheus" "Alertmanager") -}}
{{- $pod := dict "metadata" ($spec.podMetadata | default dict) "spec" $spec -}}
{{- include "rosace.pod" (list (omit $more "extraEnv" "extraVolumeMounts") $pod) }}{{ $_ := set $spec "podMetadata" $pod.metadata -}}
{{- else if has $one.kind (list "KafkaNodePool" "KafkaConnect" "KafkaMirrorMaker2") -}}
{{- include "rosace.strimzi" (list $more $spec) -}}
{{- else if eq $one.kind "Kafka" -}}
{{- range pick $spec "entityOperator" "kafkaExporter" "cruiseControl" }}{{ include "rosace.strimzi" (list $more .) }}{{ end -}}
{{- else if eq $one.kind "Tenant" -}}
{{- with $more.imagePullSecrets }}{{ $_ := set $spec "imagePullSecret" (first .) }}{{ end -}}
{{- range $spec.pools -}}
{{- $pod := dict "metadata" (pick . "labels" "annotations") "spec" . -}}
{{- include "rosace.pod" (list (pick $more "nodeSelector" "tolerations" "affinity" "podAnnotations" "podLabels") $pod) -}}
{{- range $key, $value := $pod.metadata }}{{ $_ := set $pod.spec $key $value }}{{ end -}}
{{- end -}}
{{- end -}}
{{- toYaml $one -}}
{{- end -}}

{{/* Puts more into a pod that Strimzi makes, which chooses nodes by affinity alone. Takes (list more owner). */}}
{{- define "rosace.strimzi" -}}
{{- $more := index . 0 }}{{ $owner := index . 1 -}}
{{- $template := $owner.template | default dict }}{{ $spec := $template.pod | default dict -}}
{{- $pod := dict "metadata" ($spec.metadata | default dict) "spec" $spec -}}
{{- $told := pick $more "imagePullSecrets" "tolerations" "affinity" "podAnnotations" "podLabels" -}}
{{- with $more.nodeSelector -}}
{{- $wanted := list -}}
{{- range $key, $value := . }}{{ $wanted = append $wanted (dict "key" $key "operator" "In" "values" (list $value)) }}{{ end -}}
{{- $nodes := dict "requiredDuringSchedulingIgnoredDuringExecution" (dict "nodeSelectorTerms" (list (dict "matchExpressions" $wanted))) -}}
{{- $_ := set $told "affinity" (mergeOverwrite (dict "nodeAffinity" $nodes) (deepCopy ($told.affinity | default dict))) -}}
{{- end -}}
{{- include "rosace.pod" (list $told $pod) -}}
{{- with $pod.metadata }}{{ $_ := set $spec "metadata" . }}{{ end -}}
{{- $_ := set $template "pod" $spec }}{{ $_ := set $owner "template" $template -}}
{{- end -}}

{{/* Puts more into a pod, in its place. What selects pods, or is theirs already, stays. Takes (list more pod). */}}
{{- define "rosace.pod" -}}
{{- $more := index . 0 }}{{ $pod := index . 1 -}}
{{- $metadata := $pod.metadata | default dict }}{{ $spec := $pod.spec -}}
{{- range $key, $from := dict "labels" "podLabels" "annotations" "podAnnotations" -}}
{{- with index $more $from }}{{ $_ := set $metadata $key (merge (dict) (index $metadata $key | default dict) .) }}{{ end -}}
{{- end -}}
{{- with $metadata }}{{ $_ := set $pod "metadata" . }}{{ end -}}
{{- with $more.nodeSelector }}{{ $_ := set $spec "nodeSelector" (merge (dict) ($spec.nodeSelector | default dict) .) }}{{ end -}}
{{- with $more.affinity }}{{ $_ := set $spec "affinity" (mergeOverwrite (deepCopy ($spec.affinity | default dict)) .) }}{{ end -}}
{{- range $key, $from := dict "tolerations" "tolerations" "imagePullSecrets" "imagePullSecrets" "volumes" "extraVolumes" -}}
{{- with index $more $from }}{{ $_ := set $spec $key (concat (index $spec $key | default list) .) }}{{ end -}}
{{- end -}}
{{- range $container := $spec.containers -}}
{{- range $key, $from := dict "env" "extraEnv" "volumeMounts" "extraVolumeMounts" -}}
{{- with index $more $from }}{{ $_ := set $container $key (concat (index $container $key | default list) .) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
