using './main.bicep'

// Private, zone redundant, a second region within 15 minutes, keys of ours, and seven years of what came in.

param workload = 'ingest'
param environment = 'prod'
param tags = { costCentre: 'data-platform', criticality: 'critical' }

param stamps = [
  { name: 'blue', share: '0-100' }
  { name: 'green', share: '0-0' }
]
param activeStamp = 'blue'
param scheduler = { sku: 'Dedicated', capacity: 3, historyDays: 90 }

// The most of all agents together: collector 20, converter 15, connector, merger and fetch-retry 2 each, scheduler 1, and the rest.
param agentsScale = {
  instanceMemoryMB: 2048
  maximumInstanceCount: 60
  httpConcurrency: 16
  alwaysReady: [
    { name: 'http', instanceCount: 2 }
    { name: 'function:DataSchedulerAgent', instanceCount: 2 }
    { name: 'function:DataConnectorAgent', instanceCount: 2 }
    { name: 'function:DataCollectorAgent', instanceCount: 2 }
    { name: 'function:DataConverterAgent', instanceCount: 2 }
    { name: 'function:DataMergerAgent', instanceCount: 2 }
    { name: 'function:DataFetchRetryAgent', instanceCount: 2 }
  ]
}
param orchestratorsScale = {
  instanceMemoryMB: 2048
  maximumInstanceCount: 40
  httpConcurrency: 16
  alwaysReady: [
    { name: 'http', instanceCount: 2 }
    { name: 'durable', instanceCount: 2 }
  ]
}
param zoneRedundant = true

param dataRedundancy = 'Standard_RAGZRS'
param hostRedundancy = 'Standard_ZRS'
param geoPriority = true
param retention = {
  landingImmutableDays: 2557
  auditImmutableDays: 2557
  landingDays: 2587
  auditDays: 2587
  quarantineDays: 365
  dropDays: 30
  backupDays: 35
  versionDays: 90
  softDeleteDays: 90
  coolAfterDays: 30
  coldAfterDays: 90
  archiveAfterDays: 0
}
param customerManagedKey = true

param backupTo = readEnvironmentVariable('INGESTION_BACKUP_TO', '')

param eventHubs = {
  sku: 'Standard'
  capacity: 2
  maximumThroughputUnits: 10
  partitionCount: 16
  retentionHours: 168
}
param eventConsumers = [{ name: 'catalogue' }, { name: 'analytics' }, { name: 'compliance' }]

param addressPrefix = '10.63.0.0/24'

param operators = empty(readEnvironmentVariable('INGESTION_OPERATORS_GROUP', ''))
  ? []
  : [{ principalId: readEnvironmentVariable('INGESTION_OPERATORS_GROUP', ''), principalType: 'Group' }]

param logRetentionDays = 180
param alertEmails = split(readEnvironmentVariable('INGESTION_ALERT_EMAILS', 'ingestion-oncall@example.com,data-platform@example.com'), ',')
param monthlyBudget = 8000
param budgetStart = '2026-12-01'
