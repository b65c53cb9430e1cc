metadata name = 'Data ingestion'
metadata description = 'Everything that one environment of the platform is made of, in one resource group.'

targetScope = 'resourceGroup'

import { environment as environmentType, stamp, stampName, tagSet } from 'types.bicep'

// What it is called and where it stands

@description('Required. Short name of the workload; all names begin with it.')
@minLength(3)
@maxLength(6)
param workload string

@description('Required. The environment. It decides the defaults below; preprod and prod refuse public access.')
param environment environmentType

@description('Optional. Region.')
param location string = resourceGroup().location

@description('Optional. Tags of every resource, beside workload and environment.')
param tags tagSet = {}

// Versions

@description('Required. The deployed versions and the part of the sources that each one starts. One stamp, or blue and green.')
@minLength(1)
@maxLength(2)
param stamps stamp[]

@description('Required. The stamp that receives dropped files and that the API\'s address means.')
param activeStamp stampName

@description('Optional. Where orchestrations keep their history: the Durable Task Scheduler, or the host storage account.')
@allowed(['scheduler', 'storage'])
param durableProvider string = 'scheduler'

// Monitoring

@description('Optional. Days that logs are kept in the workspace.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Optional. Most gigabytes of logs taken in a day; -1 for no limit.')
@minValue(-1)
param dailyLogCapGb int = -1

@description('Required. Addresses that get alerts. preprod and prod need at least one.')
param alertEmails string[]

@description('Optional. What a month may cost, in the currency of the subscription.')
@minValue(1)
param monthlyBudget int = 500

@description('Optional. First day of the budget\'s first month, yyyy-MM-01. It cannot be changed to a month that has passed.')
@minLength(10)
@maxLength(10)
param budgetStart string = utcNow('yyyy-MM-01')

// Network

@description('Optional. Whether services have a public endpoint. Without one, everything is reached through private endpoints.')
param publicAccess bool = contains(['dev'], environment)

@description('What the names of most resources end with.')
var prefix = '${workload}-${environment}'

@description('Tags of every resource.')
var allTags = union(tags, { workload: workload, environment: environment })

module workspace 'modules/monitoring/workspace.bicep' = {
  params: {
    workspaceName: 'log-${prefix}'
    componentName: 'appi-${prefix}'
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    dailyCapGb: dailyLogCapGb
    publicIngestion: publicAccess
    publishers: []
  }
}

module actions 'modules/monitoring/actions.bicep' = {
  params: {
    prefix: prefix
    tags: allTags
    emails: alertEmails
  }
}

module alerts 'modules/monitoring/alerts.bicep' = {
  params: {
    prefix: prefix
    location: location
    tags: allTags
    workspaceId: workspace.outputs.workspaceId
    componentId: workspace.outputs.componentId
    criticalActionId: actions.outputs.criticalId
    warningActionId: actions.outputs.warningId
    apps: []
    hostStorageIds: []
    dataStorageId: ''
    eventHubsId: ''
    vaultId: ''
    schedulerId: ''
  }
}

module workbooks 'modules/monitoring/workbooks.bicep' = {
  params: {
    prefix: prefix
    location: location
    tags: allTags
    workspaceId: workspace.outputs.workspaceId
    componentId: workspace.outputs.componentId
  }
}

module budget 'modules/monitoring/budget.bicep' = {
  params: {
    prefix: prefix
    amount: monthlyBudget
    startDate: budgetStart
    emails: alertEmails
    actionIds: [actions.outputs.criticalId]
  }
}

module availability 'modules/monitoring/availability.bicep' = {
  params: {
    prefix: prefix
    location: location
    tags: allTags
    componentId: workspace.outputs.componentId
    urls: []
    criticalActionId: actions.outputs.criticalId
  }
}

@description('The stamp that receives dropped files.')
output ACTIVE_STAMP string = activeStamp

@description('The deployed stamps.')
output STAMPS string = join(map(stamps, s => s.name), ',')

@description('Where orchestrations keep their history.')
output DURABLE_PROVIDER string = durableProvider
