using './main.bicep'

// Production once more, with less of it: the same locks and keys, so that what they break breaks here first.

param workload = 'ingest'
param environment = 'preprod'
param tags = { costCentre: 'data-platform', criticality: 'high' }

param stamps = [
  { name: 'blue', share: '0-100' }
  { name: 'green', share: '0-0' }
]
param activeStamp = 'blue'
param scheduler = { sku: 'Dedicated', capacity: 1, historyDays: 30 }

param agentsScale = {
  instanceMemoryMB: 2048
  maximumInstanceCount: 60
  httpConcurrency: 16
  alwaysReady: [
    { name: 'function:DataCollectorAgent', instanceCount: 2 }
    { name: 'function:DataConverterAgent', instanceCount: 2 }
  ]
}
param orchestratorsScale = {
  instanceMemoryMB: 2048
  maximumInstanceCount: 40
  httpConcurrency: 16
  alwaysReady: [{ name: 'durable', instanceCount: 2 }]
}
param zoneRedundant = true

param dataRedundancy = 'Standard_GZRS'
param hostRedundancy = 'Standard_ZRS'
param retention = {
  landingImmutableDays: 30
  auditImmutableDays: 30
  landingDays: 180
  auditDays: 365
  quarantineDays: 90
  dropDays: 30
  backupDays: 35
  versionDays: 30
  softDeleteDays: 30
  coolAfterDays: 30
  coldAfterDays: 90
  archiveAfterDays: 0
}
param customerManagedKey = true

param backupTo = readEnvironmentVariable('INGESTION_BACKUP_TO', '')

param eventHubs = {
  sku: 'Standard'
  capacity: 1
  maximumThroughputUnits: 4
  partitionCount: 8
  retentionHours: 72
}
param eventConsumers = [{ name: 'catalogue' }, { name: 'analytics' }]

param addressPrefix = '10.62.0.0/24'

param operators = empty(readEnvironmentVariable('INGESTION_OPERATORS_GROUP', ''))
  ? []
  : [{ principalId: readEnvironmentVariable('INGESTION_OPERATORS_GROUP', ''), principalType: 'Group' }]

param logRetentionDays = 60
param dailyLogCapGb = 10
param alertEmails = split(readEnvironmentVariable('INGESTION_ALERT_EMAILS', 'ingestion-preprod@example.com'), ',')
param monthlyBudget = 2500
param budgetStart = '2026-12-01'
