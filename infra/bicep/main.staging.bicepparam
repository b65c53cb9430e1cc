using './main.bicep'

// Like production in shape, small in size: private, two zones' data, stamps that change places.

param workload = 'ingest'
param environment = 'staging'
param tags = { costCentre: 'data-platform', criticality: 'medium' }

param stamps = [{ name: 'blue', share: '0-100' }]
param activeStamp = 'blue'
param scheduler = { sku: 'Consumption', capacity: 1, historyDays: 14 }

param agentsScale = {
  instanceMemoryMB: 2048
  maximumInstanceCount: 40
  httpConcurrency: 16
  alwaysReady: [
    { name: 'function:DataCollectorAgent', instanceCount: 1 }
    { name: 'function:DataConverterAgent', instanceCount: 1 }
  ]
}
param orchestratorsScale = {
  instanceMemoryMB: 2048
  maximumInstanceCount: 40
  httpConcurrency: 16
  alwaysReady: [{ name: 'durable', instanceCount: 1 }]
}

param dataRedundancy = 'Standard_ZRS'
param hostRedundancy = 'Standard_ZRS'
param retention = {
  landingImmutableDays: 7
  auditImmutableDays: 7
  landingDays: 90
  auditDays: 180
  quarantineDays: 60
  dropDays: 30
  backupDays: 14
  versionDays: 14
  softDeleteDays: 14
  coolAfterDays: 30
  coldAfterDays: 90
  archiveAfterDays: 0
}
param vaultSoftDeleteDays = 30

param eventHubs = {
  sku: 'Standard'
  capacity: 1
  maximumThroughputUnits: 2
  partitionCount: 4
  retentionHours: 72
}

param publicAccess = false
param addressPrefix = '10.61.0.0/24'

param operators = empty(readEnvironmentVariable('INGESTION_OPERATORS_GROUP', ''))
  ? []
  : [{ principalId: readEnvironmentVariable('INGESTION_OPERATORS_GROUP', ''), principalType: 'Group' }]

param logRetentionDays = 30
param dailyLogCapGb = 5
param alertEmails = split(readEnvironmentVariable('INGESTION_ALERT_EMAILS', 'ingestion-staging@example.com'), ',')
param monthlyBudget = 900
param budgetStart = '2026-12-01'
