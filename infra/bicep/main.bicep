metadata name = 'Data ingestion'
metadata description = 'Everything that one environment of the platform is made of, in one resource group.'

targetScope = 'resourceGroup'

import {
  environmentName
  eventConsumer
  eventHubsSettings
  operator
  privateZoneIds
  retentionDays
  scale
  schedulerSettings
  stamp
  stampName
  storageSku
  tagSet
  watchedApp
} from 'types.bicep'
import {
  checkedAddressPrefix
  checkedAlertEmails
  checkedBudgetStart
  checkedEventHubs
  checkedGeoPriority
  checkedName
  checkedPublicAccess
  checkedRetention
  checkedScale
  checkedStamps
  checkedWorkload
} from 'validation.bicep'
import { webhookList } from 'modules/monitoring/actions.bicep'
import { thresholdSet } from 'modules/monitoring/alerts.bicep'

// What it is called and where it stands

@description('Required. Short name of the workload, lower-case letters and digits; all names begin with it.')
@minLength(3)
@maxLength(6)
param workload string

@description('Required. The environment. It decides the defaults below; preprod and prod refuse public access.')
param environment environmentName

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

@description('Optional. Tier, size and retention of the Durable Task Scheduler.')
param scheduler schedulerSettings = { sku: 'Consumption', capacity: 1, historyDays: 30 }

// Apps

@description('Required. How far the agents scale.')
param agentsScale scale

@description('Required. How far the orchestrators scale.')
param orchestratorsScale scale

@description('Optional. Whether the instances of the apps stand in several zones. Every alwaysReady is two at least then.')
param zoneRedundant bool = false

@description('Optional. When the scheduler looks for what has fallen due, as a six-field schedule.')
param schedulerInterval string = '*/10 * * * * *'

// Data

@description('Required. Redundancy of the data account.')
param dataRedundancy storageSku

@description('Required. Redundancy of the stamps\' host accounts.')
param hostRedundancy storageSku

@description('Optional. Whether blobs reach the second region within 15 minutes, guaranteed, for a price.')
param geoPriority bool = false

@description('Required. How long data is kept.')
param retention retentionDays

@description('Optional. Container of an account elsewhere that gets a backup of everything, as an address; empty for none. The agents need Storage Blob Data Contributor there.')
param backupTo string = ''

@description('Optional. Whether the data account encrypts with a key of ours in the vault.')
param customerManagedKey bool = false

@description('Optional. Days that a deleted vault can be restored, and cannot be purged. It cannot be changed later.')
@minValue(7)
@maxValue(90)
param vaultSoftDeleteDays int = 90

@description('Optional. Whether the data account and the vault can be deleted only after their locks.')
param lockResources bool = environment == 'prod'

// Events

@description('Required. Tier, size and retention of the stream of lifecycle events.')
param eventHubs eventHubsSettings

@description('Optional. Modules downstream that read lifecycle events.')
param eventConsumers eventConsumer[] = []

// Network and people

@description('Optional. Whether services have a public endpoint. Without one, everything is reached through private endpoints.')
param publicAccess bool = environment == 'dev'

@description('Optional. Address range of the virtual network, /24 or larger. Not used with public access.')
@minLength(9)
@maxLength(18)
param addressPrefix string = '10.60.0.0/24'

@description('Optional. Who operates the platform: rights to drop files, look into queues and runs, restore, and rotate secrets.')
param operators operator[] = []

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

@description('Optional. Programs that are called when an alert fires: a pager, a chat. Their addresses may hold a secret.')
param alertWebhooks webhookList?

@description('Optional. When alerts fire.')
param alertThresholds thresholdSet = {
  sourceDownMinutes: 5
  qualityScore: 80
  slaPercentLeft: 10
  errorPercent: 5
  slowness: 2
  utilizationPercent: 80
  queueBacklog: 1000
  silentMinutes: 10
}

@description('Optional. What a month may cost, in the currency of the subscription.')
@minValue(1)
param monthlyBudget int = 500

@description('Optional. First day of the budget\'s first month, yyyy-MM-01. It cannot be changed to a month that has passed.')
@minLength(10)
@maxLength(10)
param budgetStart string = utcNow('yyyy-MM-01')

// What was asked for, where it agrees with itself

@description('The stamps.')
var validStamps = checkedStamps(stamps, activeStamp)

@description('Whether services have a public endpoint.')
var isPublic = checkedPublicAccess(publicAccess, environment)

@description('Addresses that get alerts.')
var emails = checkedAlertEmails(alertEmails, environment)

@description('Where the active stamp stands among the stamps.')
var activeIndex = indexOf(map(validStamps, s => s.name), activeStamp)

// Names

@description('Environments in three letters, for names that may not be long.')
var shortEnvironments = { dev: 'dev', staging: 'stg', preprod: 'pre', prod: 'prd' }

@description('The environment in three letters.')
var short = shortEnvironments[environment]

@description('What the names of resources end with.')
var prefix = '${checkedWorkload(workload)}-${environment}'

@description('What makes a name unique in the world.')
var suffix = take(uniqueString(resourceGroup().id), 6)

@description('Names that several know, those that must be unique in the world among them.')
var names = {
  dataStorage: checkedName('st${workload}${short}data${suffix}', 24)
  eventHubs: checkedName('evhns-${prefix}-${suffix}', 50)
  scheduler: checkedName('dts-${prefix}-${suffix}', 64)
  vault: checkedName('kv-${workload}-${short}-${suffix}', 24)
  workspace: 'log-${prefix}'
  component: 'appi-${prefix}'
  network: 'vnet-${prefix}'
}

@description('Names of what the stamps are made of.')
var stampNames = map(validStamps, s => {
  hostStorage: checkedName('st${workload}${short}${s.name}${suffix}', 24)
  agents: checkedName('func-${workload}-${short}-${s.name}-agents-${suffix}', 60)
  orchestrators: checkedName('func-${workload}-${short}-${s.name}-orchestrators-${suffix}', 60)
  agentsPlan: 'asp-${workload}-${short}-${s.name}-agents'
  orchestratorsPlan: 'asp-${workload}-${short}-${s.name}-orchestrators'
  // Letters and digits only, which both providers take.
  taskHub: 'Ingestion${toUpper(take(s.name, 1))}${skip(s.name, 1)}'
})

@description('Tags of every resource.')
var allTags = union(tags, { workload: workload, environment: environment })

@description('Resource ids that are known beforehand, so that what-if and snapshots show them.')
var ids = {
  workspace: resourceId('Microsoft.OperationalInsights/workspaces', names.workspace)
  component: resourceId('Microsoft.Insights/components', names.component)
  critical: resourceId('Microsoft.Insights/actionGroups', 'ag-${prefix}-critical')
  warning: resourceId('Microsoft.Insights/actionGroups', 'ag-${prefix}-warning')
}

@description('Where private endpoints go.')
var link = isPublic
  ? null
  : {
      subnetId: resourceId('Microsoft.Network/virtualNetworks/subnets', names.network, 'endpoints')
      zones: privateZoneIds()
    }

@description('The agents\' app.')
var agents = {
  id: agentsIdentity.id
  principalId: agentsIdentity.properties.principalId
  clientId: agentsIdentity.properties.clientId
}

@description('The orchestrators\' app.')
var orchestrators = {
  id: orchestratorsIdentity.id
  principalId: orchestratorsIdentity.properties.principalId
  clientId: orchestratorsIdentity.properties.clientId
}

// Who, where, and what hears everything

// Both stamps are the same identities, so that a new version has every right before it starts.
resource agentsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${prefix}-agents'
  location: location
  tags: allTags
}

resource orchestratorsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${prefix}-orchestrators'
  location: location
  tags: allTags
}

// The data account's, with which it fetches its key.
resource storageIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = if (customerManagedKey) {
  name: 'id-${prefix}-storage'
  location: location
  tags: allTags
}

module workspace 'modules/monitoring/workspace.bicep' = {
  params: {
    workspaceName: names.workspace
    componentName: names.component
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    dailyCapGb: dailyLogCapGb
    publicIngestion: isPublic
    publishers: [
      { name: 'agents', principalId: agentsIdentity.properties.principalId }
      { name: 'orchestrators', principalId: orchestratorsIdentity.properties.principalId }
    ]
  }
}

module network 'modules/network.bicep' = if (!isPublic) {
  params: {
    prefix: prefix
    location: location
    tags: allTags
    name: names.network
    addressPrefix: checkedAddressPrefix(addressPrefix)
    workspaceId: ids.workspace
  }
  dependsOn: [workspace]
}

module privateMonitoring 'modules/private-monitoring.bicep' = if (!isPublic) {
  params: {
    prefix: prefix
    location: location
    tags: allTags
    workspaceId: ids.workspace
    componentId: ids.component
    link: link!
  }
  dependsOn: [workspace, network]
}

// What all stamps share

module vault 'modules/key-vault.bicep' = {
  params: {
    name: names.vault
    location: location
    tags: allTags
    softDeleteDays: vaultSoftDeleteDays
    publicAccess: isPublic
    link: link
    workspaceId: ids.workspace
    agents: agents
    withStorageKey: customerManagedKey
    storage: customerManagedKey
      ? {
          id: storageIdentity!.id
          principalId: storageIdentity!.properties.principalId
          clientId: storageIdentity!.properties.clientId
        }
      : null
    operators: operators
    lock: lockResources
  }
  dependsOn: [workspace, network]
}

module dataStorage 'modules/data-storage.bicep' = {
  params: {
    name: names.dataStorage
    location: location
    tags: allTags
    sku: dataRedundancy
    geoPriority: checkedGeoPriority(geoPriority, dataRedundancy)
    retention: checkedRetention(retention, dataRedundancy)
    publicAccess: isPublic
    link: link
    workspaceId: ids.workspace
    encryptionKey: customerManagedKey
      ? {
          vaultUri: vault.outputs.uri
          keyName: 'data-storage'
          identityId: storageIdentity!.id
        }
      : null
    agents: agents
    orchestrators: orchestrators
    operators: operators
    lock: lockResources
  }
  dependsOn: [workspace, network]
}

module stream 'modules/event-hubs.bicep' = {
  params: {
    name: names.eventHubs
    location: location
    tags: allTags
    settings: checkedEventHubs(eventHubs)
    consumers: eventConsumers
    publicAccess: isPublic
    link: link
    workspaceId: ids.workspace
    agents: agents
  }
  dependsOn: [workspace, network]
}

module durableTask 'modules/durable-task.bicep' = if (durableProvider == 'scheduler') {
  params: {
    name: names.scheduler
    location: location
    tags: allTags
    settings: scheduler
    hubs: map(stampNames, n => n.taskHub)
    publicAccess: isPublic
    link: link
    workspaceId: ids.workspace
    agents: agents
    orchestrators: orchestrators
    operators: operators
  }
  dependsOn: [workspace, network]
}

// The versions

module stampModules 'modules/stamp.bicep' = [
  for (s, i) in validStamps: {
    params: {
      stamp: s
      names: stampNames[i]
      location: location
      tags: allTags
      active: s.name == activeStamp
      hostSku: hostRedundancy
      softDeleteDays: retention.softDeleteDays
      agentsScale: checkedScale(agentsScale, zoneRedundant)
      orchestratorsScale: checkedScale(orchestratorsScale, zoneRedundant)
      zoneRedundant: zoneRedundant
      agents: agents
      orchestrators: orchestrators
      operators: operators
      usesScheduler: durableProvider == 'scheduler'
      schedulerEndpoint: durableTask.?outputs.endpoint
      sharedSettings: [
        { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: workspace.outputs.connectionString }
        { name: 'AzureFunctionsJobHost__extensions__durableTask__hubName', value: stampNames[i].taskHub }
        { name: 'AzureWebJobsStorage__accountName', value: stampNames[i].hostStorage }
        { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
        { name: 'DataStorage__accountName', value: names.dataStorage }
        { name: 'DataStorage__credential', value: 'managedidentity' }
        { name: 'Ingestion__Environment', value: environment }
        { name: 'Ingestion__ScheduleShare', value: s.share }
        { name: 'Ingestion__Stamp', value: s.name }
      ]
      agentsSettings: concat(
        empty(backupTo) ? [] : [{ name: 'Ingestion__BackupTo', value: backupTo }],
        [
          // It polls, which Flex Consumption does not do for blobs.
          { name: 'AzureWebJobs.FileDropped.Disabled', value: 'true' }
          { name: 'EventHubs__clientId', value: agentsIdentity.properties.clientId }
          { name: 'EventHubs__credential', value: 'managedidentity' }
          { name: 'EventHubs__fullyQualifiedNamespace', value: stream.outputs.hostName }
          { name: 'Ingestion__EncryptionKey', value: '${vault.outputs.uri}keys/client-encryption' }
          { name: 'KeyVault__uri', value: vault.outputs.uri }
          { name: 'SchedulerInterval', value: schedulerInterval }
        ]
      )
      publicAccess: isPublic
      subnets: isPublic
        ? null
        : {
            agents: resourceId('Microsoft.Network/virtualNetworks/subnets', names.network, 'agents')
            orchestrators: resourceId('Microsoft.Network/virtualNetworks/subnets', names.network, 'orchestrators')
          }
      link: link
      workspaceId: ids.workspace
    }
    dependsOn: [dataStorage, network]
  }
]

module droppedFiles 'modules/dropped-files.bicep' = {
  params: {
    name: 'evgt-${prefix}-dropped-files'
    location: location
    tags: allTags
    dataStorageName: names.dataStorage
    hostStorageNames: map(stampNames, n => n.hostStorage)
    activeStorageName: stampNames[activeIndex].hostStorage
    stamp: activeStamp
    workspaceId: ids.workspace
  }
  dependsOn: [dataStorage, stampModules, workspace]
}

// Who watches

@description('The apps of all stamps.')
var apps watchedApp[] = flatten(map(range(0, length(validStamps)), i => [
  {
    name: stampNames[i].agents
    id: resourceId('Microsoft.Web/sites', stampNames[i].agents)
    kind: 'agents'
    stamp: validStamps[i].name
    hostName: '${stampNames[i].agents}.azurewebsites.net'
  }
  {
    name: stampNames[i].orchestrators
    id: resourceId('Microsoft.Web/sites', stampNames[i].orchestrators)
    kind: 'orchestrators'
    stamp: validStamps[i].name
    hostName: '${stampNames[i].orchestrators}.azurewebsites.net'
  }
]))

module actions 'modules/monitoring/actions.bicep' = {
  params: {
    prefix: prefix
    tags: allTags
    emails: emails
    webhooks: alertWebhooks
  }
}

module alerts 'modules/monitoring/alerts.bicep' = {
  params: {
    prefix: prefix
    location: location
    tags: allTags
    workspaceId: ids.workspace
    criticalActionId: ids.critical
    warningActionId: ids.warning
    apps: apps
    hostStorageIds: map(stampNames, n => resourceId('Microsoft.Storage/storageAccounts', n.hostStorage))
    dataStorageId: resourceId('Microsoft.Storage/storageAccounts', names.dataStorage)
    eventHubsId: resourceId('Microsoft.EventHub/namespaces', names.eventHubs)
    vaultId: resourceId('Microsoft.KeyVault/vaults', names.vault)
    thresholds: alertThresholds
    maximumInstances: {
      agents: agentsScale.maximumInstanceCount
      orchestrators: orchestratorsScale.maximumInstanceCount
    }
    throughputUnits: max(eventHubs.capacity, eventHubs.maximumThroughputUnits)
  }
  dependsOn: [actions, dataStorage, stampModules, stream, vault, workspace]
}

module workbooks 'modules/monitoring/workbooks.bicep' = {
  params: {
    prefix: prefix
    location: location
    tags: allTags
    workspaceId: ids.workspace
  }
  dependsOn: [workspace]
}

module budget 'modules/monitoring/budget.bicep' = {
  params: {
    prefix: prefix
    amount: monthlyBudget
    startDate: checkedBudgetStart(budgetStart)
    emails: emails
    actionIds: [ids.critical]
  }
  dependsOn: [actions]
}

// What is private cannot be called from outside; the alerts on health and age say the same from within.
module availability 'modules/monitoring/availability.bicep' = {
  params: {
    prefix: prefix
    location: location
    tags: allTags
    componentId: ids.component
    urls: isPublic
      ? [
          'https://${stampNames[activeIndex].agents}.azurewebsites.net/api/data-scheduler/health/ready'
          'https://${stampNames[activeIndex].orchestrators}.azurewebsites.net/api/ingestion-manager/health/ready'
        ]
      : []
    criticalActionId: ids.critical
  }
  dependsOn: [actions, stampModules, workspace]
}

// For azd, the pipeline and operators: infra/bicep/README.md says who uses which

@description('Region.')
output AZURE_LOCATION string = location

@description('Resource group.')
output AZURE_RESOURCE_GROUP string = resourceGroup().name

@description('Agents\' app of the active stamp.')
output AGENTS_APP_NAME string = stampNames[activeIndex].agents

@description('Address of the agents\' app of the active stamp.')
output AGENTS_URI string = 'https://${stampModules[activeIndex].outputs.agentsHostName}'

@description('Orchestrators\' app of the active stamp.')
output ORCHESTRATORS_APP_NAME string = stampNames[activeIndex].orchestrators

@description('Address of the orchestrators\' app of the active stamp.')
output ORCHESTRATORS_URI string = 'https://${stampModules[activeIndex].outputs.orchestratorsHostName}'

@description('Every app of every stamp.')
output APPS watchedApp[] = apps

@description('The stamp that receives dropped files.')
output ACTIVE_STAMP stampName = activeStamp

@description('Stamps with their shares, host storage and task hub.')
output STAMPS { name: stampName, share: string, hostStorage: string, taskHub: string }[] = [
  for (s, i) in validStamps: {
    name: s.name
    share: s.share
    hostStorage: stampNames[i].hostStorage
    taskHub: stampNames[i].taskHub
  }
]

@description('Data account.')
output DATA_STORAGE_NAME string = names.dataStorage

@description('Where blobs of the data account are.')
output DATA_STORAGE_BLOB_ENDPOINT string = dataStorage.outputs.blobEndpoint

@description('Event Hubs: AMQP on port 5671, Kafka on port 9093.')
output EVENT_HUBS_HOST string = stream.outputs.hostName

@description('Key vault.')
output KEY_VAULT_NAME string = names.vault

@description('Durable Task Scheduler; empty where host storage keeps the history.')
output DURABLE_TASK_SCHEDULER_NAME string = durableProvider == 'scheduler' ? names.scheduler : ''

@description('Log Analytics workspace.')
output LOG_WORKSPACE_ID string = ids.workspace

@description('Application Insights component.')
output APPLICATION_INSIGHTS_NAME string = names.component

@description('Address that vendors see, to be put on their lists; empty with public access, where it changes.')
output EGRESS_ADDRESS string = network.?outputs.egressAddress ?? ''
