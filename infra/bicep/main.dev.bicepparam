using './main.bicep'

// Cheap, public and short-lived: one stamp, one region, nothing that waits. Rights still come from identities only.

param workload = 'ingest'
param environment = 'dev'
param tags = { costCentre: 'data-platform', criticality: 'low' }

param stamps = [{ name: 'blue', share: '0-100' }]
param activeStamp = 'blue'
param scheduler = { sku: 'Consumption', capacity: 1, historyDays: 7 }

param agentsScale = { instanceMemoryMB: 2048, maximumInstanceCount: 40, httpConcurrency: 16, alwaysReady: [] }
param orchestratorsScale = { instanceMemoryMB: 512, maximumInstanceCount: 40, httpConcurrency: 8, alwaysReady: [] }
param schedulerInterval = '0 * * * * *'

param dataRedundancy = 'Standard_LRS'
param hostRedundancy = 'Standard_LRS'
// Nothing lives long enough for a cheaper tier, which charges for a month or three at least.
param retention = {
  landingImmutableDays: 1
  auditImmutableDays: 1
  landingDays: 30
  auditDays: 90
  quarantineDays: 30
  dropDays: 14
  backupDays: 7
  versionDays: 7
  softDeleteDays: 7
  coolAfterDays: 91
  coldAfterDays: 121
  archiveAfterDays: 0
}
param vaultSoftDeleteDays = 7

param eventHubs = {
  sku: 'Standard'
  capacity: 1
  maximumThroughputUnits: 0
  partitionCount: 2
  retentionHours: 24
}

// azd says who deploys; a pipeline sets the type as well.
param operators = empty(readEnvironmentVariable('AZURE_PRINCIPAL_ID', ''))
  ? []
  : [
      {
        principalId: readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
        principalType: readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User') == 'User' ? 'User' : 'ServicePrincipal'
      }
    ]

param logRetentionDays = 30
param dailyLogCapGb = 1
param alertEmails = []
param monthlyBudget = 150
param budgetStart = '2026-12-01'
