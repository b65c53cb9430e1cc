metadata name = 'Host storage'
metadata description = 'What one stamp keeps for itself: its queues, the state of its host, its packages, and its task hub where the provider is Azure Storage.'

import { identity, operator, privateLink, roles, stampName, storageSku, tagSet } from '../types.bicep'

@description('Required. Globally unique account name.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. The stamp whose account it is.')
param stamp stampName

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Redundancy.')
param sku storageSku

@description('Required. Days that a deleted package or host blob can be restored.')
@minValue(1)
@maxValue(365)
param softDeleteDays int

@description('Required. Whether the account has a public endpoint.')
param publicAccess bool

@description('Required. Where private endpoints go; null for none.')
param link privateLink?

@description('Required. Where diagnostics go.')
param workspaceId string

@description('Required. Identity of the agents\' app.')
param agents identity

@description('Required. Identity of the orchestrators\' app.')
param orchestrators identity

@description('Required. Who operates the platform: they look into queues and drain a stamp.')
param operators operator[]

@description('Containers of the packages that the apps run from.')
var packageContainers = ['packages-agents', 'packages-orchestrators']

@description('Each app takes messages, keeps the host\'s leases and checkpoints, and a task hub where the provider is Azure Storage.')
var appRoles = ['Storage Blob Data Owner', 'Storage Queue Data Contributor', 'Storage Table Data Contributor']

@description('Parts of the account that are reached.')
var services = ['blob', 'queue', 'table']

resource account 'Microsoft.Storage/storageAccounts@2025-08-01' = {
  name: name
  location: location
  tags: union(tags, { stamp: stamp })
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    isSftpEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    // Event Grid is a trusted service: its system topic puts dropped files on the queue with its own identity.
    networkAcls: { bypass: 'AzureServices', defaultAction: publicAccess ? 'Allow' : 'Deny' }
    sasPolicy: { expirationAction: 'Block', sasExpirationPeriod: '00.01:00:00' }
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
      services: {
        blob: { enabled: true, keyType: 'Account' }
        file: { enabled: true, keyType: 'Account' }
        queue: { enabled: true, keyType: 'Account' }
        table: { enabled: true, keyType: 'Account' }
      }
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: softDeleteDays, allowPermanentDelete: false }
      containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    }

    resource packages 'containers' = [
      for container in packageContainers: {
        name: container
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource queues 'queueServices' = {
    name: 'default'

    // The apps make their queues themselves; this one has to be there before the subscription that fills it.
    resource droppedFiles 'queues' = { name: 'dropped-files' }
  }

  resource tables 'tableServices' = { name: 'default' }
}

resource agentsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in appRoles: {
    name: guid(account.id, 'agents', role)
    scope: account
    properties: {
      principalId: agents.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
      description: 'The agents of the stamp ${stamp}.'
    }
  }
]

resource orchestratorsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in appRoles: {
    name: guid(account.id, 'orchestrators', role)
    scope: account
    properties: {
      principalId: orchestrators.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
      description: 'The orchestrators of the stamp ${stamp}.'
    }
  }
]

resource operatorsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for operator in operators: {
    name: guid(account.id, operator.principalId, 'Storage Queue Data Contributor')
    scope: account
    properties: {
      principalId: operator.principalId
      principalType: operator.principalType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Storage Queue Data Contributor']
      )
      description: 'Operators see whether the queues of the stamp ${stamp} are drained, and move messages.'
    }
  }
]

module endpoints 'private-endpoint.bicep' = [
  for service in services: if (!publicAccess) {
    params: {
      targetName: name
      targetId: account.id
      groupId: service
      subnetId: link!.subnetId
      zoneIds: [link!.zones[service]]
      location: location
      tags: tags
    }
  }
]

resource accountDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    // Reads would be mostly the host looking after its leases.
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

// Queues are asked several times a second, and every message is written and deleted: metrics say what logs would.
resource queueDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account::queues
  properties: { workspaceId: workspaceId, metrics: [{ category: 'Transaction', enabled: true }] }
}

resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account::tables
  properties: { workspaceId: workspaceId, metrics: [{ category: 'Transaction', enabled: true }] }
}

@description('Where blobs are.')
output blobEndpoint string = account.properties.primaryEndpoints.blob
