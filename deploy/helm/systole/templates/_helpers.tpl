{{- define "systole.name" -}}
{{- if contains "systole" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-systole" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "systole.selector" -}}
app.kubernetes.io/name: systole
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "systole.labels" -}}
{{ include "systole.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "systole.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "systole.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "systole.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: ["ALL"]
{{- end }}

{{- define "systole.environment" -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef: { name: {{ .Values.secret.name | quote }}, key: {{ .Values.secret.keys.databaseUrl | quote }} }
- name: SYSTOLE_SECRET_KEY
  valueFrom:
    secretKeyRef: { name: {{ .Values.secret.name | quote }}, key: {{ .Values.secret.keys.secretKey | quote }} }
- name: SYSTOLE_ADMIN_TOKEN
  valueFrom:
    secretKeyRef: { name: {{ .Values.secret.name | quote }}, key: {{ .Values.secret.keys.adminToken | quote }} }
- name: SYSTOLE_PUBLIC_URL
  value: {{ required "publicUrl is needed" .Values.publicUrl | quote }}
{{- with .Values.bodies.store }}
- name: SYSTOLE_BODY_STORE
  value: {{ . | quote }}
{{- end }}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- range .Values.secretSettings }}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: { name: {{ .secret | quote }}, key: {{ .key | quote }} }
{{- end }}
{{- end }}

{{- define "systole.volumes" -}}
- name: data
{{- if .Values.bodies.existingClaim }}
  persistentVolumeClaim:
    claimName: {{ .Values.bodies.existingClaim | quote }}
{{- else }}
  emptyDir: {}
{{- end }}
- name: tmp
  emptyDir: {}
{{- end }}

{{- define "systole.mounts" -}}
- { name: data, mountPath: /var/lib/systole }
- { name: tmp, mountPath: /tmp }
{{- end }}

{{- define "systole.placement" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
